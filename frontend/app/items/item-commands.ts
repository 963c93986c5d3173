import * as api from "@/lib/api";
import type { Item } from "@/lib/types";
import { keys, queries } from "../queries";
import { tellOtherTabs } from "../shell/tabs";
import { toast, toastProblem } from "../ui/toasts";
import { restoreNewest } from "../undo";

const MAX_BYTES = 5 * 1024 * 1024;

export function putItem(item: Item): void {
  queries.setQueryData<Item[]>(keys.items, (all) => all?.map((other) => (other.id === item.id ? item : other)));
  changed();
}

export function changed(): void {
  tellOtherTabs({ other: "items" });
  void queries.invalidateQueries({ queryKey: keys.items });
  void queries.invalidateQueries({ queryKey: keys.trash });
}

export async function sendItemPicture(item: Item, file: File): Promise<void> {
  if (file.size > MAX_BYTES) {
    const size = Math.round(file.size / 1024 / 1024);
    return toast(`That picture is ${size} MB. Pictures of items can have 5 MB.`, undefined, { isError: true });
  }
  try {
    putItem(await api.uploadItemImage(item.id, file));
    toast(item.imageUrl ? "Picture replaced" : "Picture added");
  } catch (problem) {
    toastProblem("The picture was not added", problem);
  }
}

const undoing = (words: string, undo: () => Promise<unknown>) =>
  toast(words, {
    label: "Undo",
    onClick: () => void undo().then(changed, (problem: unknown) => toastProblem("Cannot undo", problem)),
  });

export async function removeItemPicture(item: Item): Promise<void> {
  try {
    putItem(await api.deleteItemImage(item.id));
    undoing("Picture removed", () => restoreNewest((entry) => entry.what === "item-image" && entry.item === item.id));
  } catch (problem) {
    toastProblem("The picture was not removed", problem);
  }
}

export async function deleteItem(item: Item): Promise<boolean> {
  try {
    await api.deleteItem(item.id);
  } catch (problem) {
    toastProblem(`“${item.name}” was not deleted`, problem);
    return false;
  }
  queries.setQueryData<Item[]>(keys.items, (all) => all?.filter((other) => other.id !== item.id));
  changed();
  undoing(`“${item.name}” moved to Trash`, () =>
    restoreNewest((entry) => entry.what === "item" && entry.item === item.id),
  );
  return true;
}

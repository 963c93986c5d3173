import * as api from "@/lib/api";
import type { Item } from "@/lib/types";
import { keys, queries } from "../queries";
import { tellOtherTabs } from "../shell/tabs";
import { say, sayProblem } from "../ui/toasts";
import { restoreNewest } from "../undo";

const MAX_BYTES = 5 * 1024 * 1024;

export function putItem(item: Item): void {
  queries.setQueryData<Item[]>(keys.items, (all) => all?.map((it) => (it.id === item.id ? item : it)));
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
    return say(`That picture is ${size} MB. Pictures of items can have 5 MB.`, undefined, { isError: true });
  }
  try {
    putItem(await api.uploadItemImage(item.id, file));
    say(item.imageUrl ? "Picture replaced" : "Picture added");
  } catch (problem) {
    sayProblem("The picture was not added", problem);
  }
}

const undoing = (words: string, undo: () => Promise<unknown>) =>
  say(words, {
    label: "Undo",
    onClick: () => void undo().then(changed, (problem: unknown) => sayProblem("Cannot undo", problem)),
  });

export async function removeItemPicture(item: Item): Promise<void> {
  try {
    putItem(await api.deleteItemImage(item.id));
    undoing("Picture removed", () => restoreNewest((it) => it.what === "item-image" && it.item === item.id));
  } catch (problem) {
    sayProblem("The picture was not removed", problem);
  }
}

export async function deleteItem(item: Item): Promise<boolean> {
  try {
    await api.deleteItem(item.id);
  } catch (problem) {
    sayProblem(`“${item.name}” was not deleted`, problem);
    return false;
  }
  queries.setQueryData<Item[]>(keys.items, (all) => all?.filter((it) => it.id !== item.id));
  changed();
  undoing(`“${item.name}” moved to Trash`, () => restoreNewest((it) => it.what === "item" && it.item === item.id));
  return true;
}

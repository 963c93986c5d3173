import { ArrowLeftRight, ImageUp, Trash2 } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { createItem, updateItem } from "@/lib/api";
import { reasonOf } from "@/lib/api-error";
import type { Item, ItemPayload, ItemStatus } from "@/lib/types";
import { PICTURES, picturesIn } from "../timeline/pictures/picture-files";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { changed, deleteItem, putItem, removeItemPicture, sendItemPicture } from "./item-commands";

interface SheetProps {
  /** Null for one that is being added. */
  item: Item | null;
  onClose: () => void;
  onMade: (item: Item) => void;
}

const STATUSES: ItemStatus[] = ["Available", "Lent", "Maintenance"];

/** One item; what is written is saved when its field is left. */
export function ItemSheet({ item, onClose, onMade }: SheetProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isSaved, setSaved] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  function written(): ItemPayload {
    const it = new FormData(form.current ?? undefined);
    const text = (name: string) => String(it.get(name) ?? "").trim();
    return {
      name: text("name"),
      category: text("category"),
      description: text("description") || null,
      status: text("status") as ItemStatus,
    };
  }

  async function save() {
    if (!item) return;
    const now = written();
    const names = ["name", "category", "description", "status"] as const;
    const change = Object.fromEntries(
      names.filter((name) => now[name] !== item[name]).map((name) => [name, now[name]]),
    );
    if (Object.keys(change).length === 0) return;
    try {
      putItem(await updateItem(item.id, change));
      setProblem(null);
      setSaved(true);
      setTimeout(() => setSaved(false), 1_500);
    } catch (reason) {
      setProblem(`Not saved: ${reasonOf(reason)}`);
    }
  }

  async function add(event: FormEvent) {
    event.preventDefault();
    if (item) return void save();
    try {
      const made = await createItem(written());
      changed();
      onMade(made);
    } catch (reason) {
      setProblem(`Not added: ${reasonOf(reason)}`);
    }
  }

  return (
    <Dialog
      title={item ? item.name : "Add an item"}
      isOpen
      onClose={onClose}
      className="sheet dialog-head"
      footer={
        item ? (
          <>
            <span className="mr-auto text-ok" role="status">
              {isSaved && "Saved"}
            </span>
            <Button kind="danger" onClick={() => void deleteItem(item).then((isDone) => isDone && onClose())}>
              <Trash2 aria-hidden className="s" />
              Delete
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button kind="primary" type="submit" form="item">
              Add
            </Button>
          </>
        )
      }
    >
      <form id="item" ref={form} className="content grid gap-4" onSubmit={add} onBlur={() => void save()}>
        {item && <ItemPicture item={item} />}
        <label>
          <span className="lab">Name</span>
          <span className="field">
            <input name="name" required maxLength={200} defaultValue={item?.name} />
          </span>
        </label>
        <label>
          <span className="lab">Category</span>
          <span className="field">
            <input name="category" required maxLength={100} defaultValue={item?.category} />
          </span>
        </label>
        <label>
          <span className="lab">Status</span>
          <span className="field">
            <select name="status" defaultValue={item?.status ?? "Available"} onChange={() => void save()}>
              {STATUSES.map((status) => (
                <option key={status}>{status}</option>
              ))}
            </select>
          </span>
        </label>
        <label>
          <span className="lab">Description</span>
          <span className="field">
            <textarea name="description" rows={4} defaultValue={item?.description ?? ""} />
          </span>
        </label>
        {problem && (
          <p className="error-line" role="alert">
            {problem}
          </p>
        )}
      </form>
    </Dialog>
  );
}

function ItemPicture({ item }: { item: Item }) {
  const input = useRef<HTMLInputElement>(null);
  const choose = () => input.current?.click();
  return (
    <div
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const file = picturesIn(event.dataTransfer)[0];
        if (file) void sendItemPicture(item, file);
      }}
    >
      <input
        ref={input}
        type="file"
        hidden
        accept={PICTURES}
        aria-label="Picture file"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) void sendItemPicture(item, file);
        }}
      />
      {item.imageUrl ? (
        <>
          <img
            className="cover aspect-4/3! rounded-md"
            src={`${item.imageUrl}?v=${encodeURIComponent(item.updatedAt)}`}
            alt={item.name}
          />
          <div className="mt-2 flex gap-2">
            <Button size="small" onClick={choose}>
              <ArrowLeftRight aria-hidden className="s" />
              Replace
            </Button>
            <Button size="small" onClick={() => void removeItemPicture(item)}>
              <Trash2 aria-hidden className="s" />
              Remove
            </Button>
          </div>
        </>
      ) : (
        <button type="button" className="pic empty" onClick={choose}>
          <ImageUp aria-hidden />
          <b>Drop a picture</b>
          <span>
            or <u>browse</u>
          </span>
        </button>
      )}
    </div>
  );
}

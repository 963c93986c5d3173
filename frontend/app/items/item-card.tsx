import { Ellipsis, ImageUp, Trash2 } from "lucide-react";
import { useRef } from "react";
import { useLocation } from "wouter";
import type { Item } from "@/lib/types";
import { PICTURES } from "../timeline/pictures/picture-files";
import { applyItem } from "../timeline/pictures/pictures";
import { Button, IconButton } from "../ui/button";
import { Menu, MenuItem } from "../ui/menu";
import { deleteItem, removeItemPicture, sendItemPicture } from "./item-commands";
import { useTarget } from "./target";

const TONE = { Available: "ok", Lent: "on", Maintenance: "warn" };

export function ItemCard({ item }: { item: Item }) {
  const [, go] = useLocation();
  const input = useRef<HTMLInputElement>(null);
  const target = useTarget();
  const segment = target?.segment;

  async function use() {
    if (segment && (await applyItem(segment, item.id))) go(`/projects/${segment.project}#s-${segment.id}`);
  }

  return (
    <li className="card">
      {item.imageUrl ? (
        <img
          className="cover"
          src={`${item.imageUrl}?v=${encodeURIComponent(item.updatedAt)}`}
          alt={item.name}
          loading="lazy"
          decoding="async"
        />
      ) : (
        <button type="button" className="cover-empty above" onClick={() => input.current?.click()}>
          <ImageUp aria-hidden />
          Add a picture
        </button>
      )}
      <input
        ref={input}
        type="file"
        hidden
        accept={PICTURES}
        aria-label={`Picture file for ${item.name}`}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) void sendItemPicture(item, file);
        }}
      />
      <div className="in">
        <div className="flex items-start gap-1">
          <div className="flex-1 min-w-0">
            <h2>
              <button type="button" onClick={() => go(`/items/${item.id}`)}>
                {item.name}
              </button>
            </h2>
            <p className="sub">{item.category}</p>
          </div>
          <Menu
            trigger={
              <IconButton label={`More for ${item.name}`}>
                <Ellipsis aria-hidden />
              </IconButton>
            }
          >
            <MenuItem icon={<ImageUp className="s" />} onSelect={() => input.current?.click()}>
              {item.imageUrl ? "Replace picture…" : "Add picture…"}
            </MenuItem>
            {item.imageUrl && (
              <MenuItem icon={<Trash2 className="s" />} onSelect={() => void removeItemPicture(item)}>
                Remove picture
              </MenuItem>
            )}
            <MenuItem icon={<Trash2 className="s" />} isDanger onSelect={() => void deleteItem(item)}>
              Delete
            </MenuItem>
          </Menu>
        </div>
        <div className="foot">
          <span className={`chip ${TONE[item.status]}`}>{item.status}</span>
          {segment && item.imageUrl && (
            <Button size="small" className="above ml-auto" onClick={() => void use()}>
              Use in segment {target.number}
            </Button>
          )}
        </div>
      </div>
    </li>
  );
}

import { Ellipsis, ImageUp, Plus, Search, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import type { Item, ItemStatus } from "@/lib/types";
import { useItems, useProject } from "../queries";
import { Page } from "../shell/page";
import { applyItem, PICTURES } from "../timeline/pictures";
import { Button, IconButton } from "../ui/button";
import { FilterChips } from "../ui/choices";
import { Menu, MenuItem } from "../ui/menu";
import { EmptyState, FailedState, Later } from "../ui/states";
import { deleteItem, removeItemPicture, sendItemPicture } from "./item-acts";
import { ItemSheet } from "./item-sheet";

type Filter = "all" | ItemStatus;
const STATUSES: ItemStatus[] = ["Available", "Lent", "Maintenance"];
const TONE = { Available: "ok", Lent: "on", Maintenance: "warn" };

/** The catalogue; with `?for=` it is there to choose a segment's picture from. */
export default function ItemsPage({ openId }: { openId: string | undefined }) {
  const items = useItems();
  const [, go] = useLocation();
  const [wanted, setWanted] = useState("");
  const [filter, setFilter] = useState<Filter>("all");
  const [isAdding, setAdding] = useState(false);
  const all = items.data ?? [];
  const shown = all.filter(
    (it) =>
      (filter === "all" || it.status === filter) &&
      `${it.name} ${it.category}`.toLowerCase().includes(wanted.trim().toLowerCase()),
  );
  const open = all.find((it) => it.id === openId);

  return (
    <Page title="Items">
      <Choosing />
      <div className="page-head">
        <div className="grow">
          <h1>Items</h1>
          <p className="lede">Things you own, lend and look after.</p>
        </div>
        {all.length >= 5 && (
          <label className="field w-auto! min-w-60 max-sm:w-full! max-sm:order-last">
            <Search aria-hidden className="s" />
            <input
              value={wanted}
              placeholder="Find an item"
              aria-label="Find an item"
              onChange={(event) => setWanted(event.target.value)}
            />
          </label>
        )}
        <Button kind="primary" onClick={() => setAdding(true)}>
          <Plus aria-hidden />
          Add an item
        </Button>
      </div>
      {items.isError && !items.data ? (
        <FailedState title="Your items could not be read" problem={items.error} onRetry={() => void items.refetch()} />
      ) : !items.data ? (
        <Later>
          <div className="skeleton h-60" />
        </Later>
      ) : all.length === 0 ? (
        <EmptyState
          title="No items yet"
          actions={
            <Button kind="primary" onClick={() => setAdding(true)}>
              Add an item
            </Button>
          }
        >
          Keep a small catalogue of things, each with a picture.
        </EmptyState>
      ) : (
        <>
          <FilterChips<Filter>
            className="flat"
            label="Show"
            value={filter}
            onChange={setFilter}
            options={[
              { value: "all", label: "All", count: all.length },
              ...STATUSES.map((it) => ({
                value: it,
                label: it,
                count: all.filter(({ status }) => status === it).length,
              })),
            ]}
          />
          {shown.length === 0 && <EmptyState title={`No item is called “${wanted}”.`} />}
          <ul className="grid-cards items-grid">
            {shown.map((item) => (
              <ItemCard key={item.id} item={item} />
            ))}
          </ul>
        </>
      )}
      {(open || isAdding) && (
        <ItemSheet
          key={open?.id ?? "new"}
          item={isAdding ? null : (open ?? null)}
          onClose={() => (isAdding ? setAdding(false) : go("/items"))}
          onMade={(it) => {
            setAdding(false);
            go(`/items/${it.id}`);
          }}
        />
      )}
    </Page>
  );
}

/** Which segment a picture is being chosen for. */
function useTarget() {
  const [params] = useSearchParams();
  const [forId, project] = [Number(params.get("for")), Number(params.get("project"))];
  const segments = useProject(project || 0).data?.segments ?? [];
  const index = segments.findIndex((it) => it.id === forId);
  return forId ? { segment: segments[index], number: index + 1, project } : null;
}

function Choosing() {
  const target = useTarget();
  const [, go] = useLocation();
  if (!target?.segment) return null;
  return (
    <p className="note mb-4 items-center!">
      Choose a picture for segment {target.number}.
      <Button size="small" className="ml-auto" onClick={() => go(`/projects/${target.project}`)}>
        Back to the story
      </Button>
    </p>
  );
}

function ItemCard({ item }: { item: Item }) {
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

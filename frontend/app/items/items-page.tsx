import { Plus, Search } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import type { ItemStatus } from "@/lib/types";
import { useItems } from "../queries";
import { Page } from "../shell/page";
import { Button } from "../ui/button";
import { FilterChips } from "../ui/choices";
import { EmptyState, FailedState, Later } from "../ui/states";
import { ItemCard } from "./item-card";
import { ItemSheet } from "./item-sheet";
import { useTarget } from "./target";

type Filter = "all" | ItemStatus;
const STATUSES: ItemStatus[] = ["Available", "Lent", "Maintenance"];

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

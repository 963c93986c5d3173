import { Plus } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import type { ItemStatus } from "@/lib/types";
import { LibraryHead } from "../library/library-head";
import { useItems } from "../queries";
import { Page } from "../shell/page";
import { Button } from "../ui/button";
import { FilterChips } from "../ui/choices";
import { EmptyState, FailedState, Later } from "../ui/states";
import { ItemCard } from "./item-card";
import { ItemSheet } from "./item-sheet";

type Filter = "all" | ItemStatus;
const STATUSES: ItemStatus[] = ["Available", "Lent", "Maintenance"];

/** The library's things; with `?for=` they are there to choose a segment's picture from. */
export default function ItemsPage({ openId }: { openId: string | undefined }) {
  const items = useItems();
  const [, go] = useLocation();
  const [wanted, setWanted] = useState("");
  const [filter, setFilter] = useState<Filter>("all");
  const [isAdding, setAdding] = useState(false);
  const all = items.data ?? [];
  const shown = all.filter(
    (item) =>
      (filter === "all" || item.status === filter) &&
      `${item.name} ${item.category}`.toLowerCase().includes(wanted.trim().toLowerCase()),
  );
  const open = all.find((item) => item.id === openId);

  return (
    <Page title="Library">
      <LibraryHead here="/items" wanted={wanted} onWanted={setWanted} hint="Find an item">
        <Button kind="primary" onClick={() => setAdding(true)}>
          <Plus aria-hidden />
          Add an item
        </Button>
      </LibraryHead>
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
          Keep a small catalogue of things, each with a picture that any story can use.
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
              ...STATUSES.map((other) => ({
                value: other,
                label: other,
                count: all.filter(({ status }) => status === other).length,
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
          onMade={(item) => {
            setAdding(false);
            go(`/items/${item.id}`);
          }}
        />
      )}
    </Page>
  );
}

import { Ellipsis, Film, ImageIcon, Layers, Mic, Package, RotateCcw, Text, Trash2 } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import * as api from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import type { TrashEntry } from "@/lib/types";
import { bytes, plural, when } from "@/lib/words";
import { keys, queries, refreshProject, useProjects, useTrash } from "../queries";
import { Page } from "../shell/page";
import { tellOtherTabs } from "../shell/tabs";
import { Button, IconButton } from "../ui/button";
import { FilterChips } from "../ui/choices";
import { Confirm } from "../ui/dialog";
import { Menu, MenuItem } from "../ui/menu";
import { EmptyState, FailedState, Later } from "../ui/states";
import { say, sayProblem } from "../ui/toasts";

type Kind = "all" | "pictures" | "segments" | "projects" | "items" | "others";

const KINDS: Record<string, { kind: Kind; Icon: typeof Film; name: string }> = {
  image: { kind: "pictures", Icon: ImageIcon, name: "Picture" },
  "item-image": { kind: "pictures", Icon: ImageIcon, name: "Picture" },
  segment: { kind: "segments", Icon: Text, name: "Segment" },
  project: { kind: "projects", Icon: Layers, name: "Project" },
  item: { kind: "items", Icon: Package, name: "Item" },
  recording: { kind: "others", Icon: Mic, name: "Recording" },
  video: { kind: "others", Icon: Film, name: "Video" },
};
const OTHER = { kind: "others" as const, Icon: Trash2, name: "File" };
const kindOf = (entry: TrashEntry) => KINDS[entry.what] ?? OTHER;

export default function TrashPage() {
  const trash = useTrash();
  const [filter, setFilter] = useState<Kind>("all");
  const [ending, setEnding] = useState<TrashEntry[] | null>(null);
  const entries = trash.data ?? [];
  const shown = entries.filter((it) => filter === "all" || kindOf(it).kind === filter);
  const count = (kind: Kind) => entries.filter((it) => kindOf(it).kind === kind).length;

  async function end(doomed: TrashEntry[]) {
    setEnding(null);
    try {
      for (const { id } of doomed) await api.deleteForGood(id);
      say(doomed.length === 1 ? "Deleted for good" : `${doomed.length} things deleted for good`);
    } catch (problem) {
      sayProblem("Not everything was deleted", problem);
    }
    void queries.invalidateQueries({ queryKey: keys.trash });
  }

  return (
    <Page title="Trash" className="page narrow">
      <div className="page-head">
        <div className="grow">
          <h1>Trash</h1>
          <p className="lede">Everything you delete or replace waits here for 30 days.</p>
        </div>
        {entries.length > 0 && <Button onClick={() => setEnding(entries)}>Empty trash…</Button>}
      </div>
      {trash.isError && !trash.data ? (
        <FailedState title="Trash could not be read" problem={trash.error} onRetry={() => void trash.refetch()} />
      ) : !trash.data ? (
        <Later>
          <div className="skeleton h-60" />
        </Later>
      ) : entries.length === 0 ? (
        <EmptyState title="Trash is empty">What you delete or replace waits here for 30 days.</EmptyState>
      ) : (
        <>
          <FilterChips<Kind>
            className="flat"
            label="Show"
            value={filter}
            onChange={setFilter}
            options={[
              { value: "all", label: "All", count: entries.length },
              { value: "pictures", label: "Pictures", count: count("pictures") },
              { value: "segments", label: "Segments", count: count("segments") },
              { value: "projects", label: "Projects", count: count("projects") },
              { value: "items", label: "Items", count: count("items") },
              { value: "others", label: "Sound and video", count: count("others") },
            ]}
          />
          <ul className="rows bin">
            {shown.map((entry) => (
              <Entry key={entry.id} entry={entry} all={entries} onEnd={() => setEnding([entry])} />
            ))}
          </ul>
        </>
      )}
      <Confirm
        title={ending?.length === 1 ? "Delete this for good?" : `Delete ${ending?.length ?? 0} things for good?`}
        isOpen={ending !== null}
        keep="Keep them"
        act="Delete for good"
        onKeep={() => setEnding(null)}
        onAct={() => ending && void end(ending)}
      >
        {bytes(ending?.reduce((sum, it) => sum + it.size_bytes, 0) ?? 0)} are freed. This cannot be undone.
      </Confirm>
    </Page>
  );
}

interface EntryProps {
  entry: TrashEntry;
  all: TrashEntry[];
  onEnd: () => void;
}

function Entry({ entry, all, onEnd }: EntryProps) {
  const [, go] = useLocation();
  const projects = useProjects().data ?? [];
  const { Icon, name } = kindOf(entry);
  const place =
    projects.find((it) => it.id === entry.project)?.title ??
    (entry.item || entry.what.startsWith("item") ? "Items" : "");
  const title = entry.what === "segment" ? `“${entry.title}”` : entry.title || name;
  const facts = [
    `${entry.why ? capital(entry.why) : `${name} deleted`} ${when(entry.deleted_at)}`,
    place,
    entry.size_bytes > 0 ? bytes(entry.size_bytes) : "",
  ];

  async function restore() {
    try {
      const back = await api.restoreFromTrash(entry.id);
      after(back.project);
      const to = back.item ? "/items" : `/projects/${back.project}${back.segment ? `#s-${back.segment}` : ""}`;
      say(`${back.message}.`, { label: "Show", onClick: () => go(to) });
    } catch (problem) {
      await help(problem);
    }
  }

  async function help(problem: unknown) {
    const home = all.find((it) => it.what === "project" && it.project === entry.project);
    if (problem instanceof ApiError && problem.status === 409 && home && home.id !== entry.id)
      return say("Its project is in Trash too.", {
        label: "Restore both",
        onClick: () => void api.restoreFromTrash(home.id).then(restore),
      });
    const { segment } = entry;
    if (problem instanceof ApiError && /locked/.test(problem.message) && segment)
      return say("Its segment is locked. Unlock it to restore its picture.", {
        label: "Unlock and restore",
        onClick: () => void api.updateSegment(segment, { is_locked: false }).then(restore),
      });
    sayProblem("Not restored", problem);
  }

  return (
    <li>
      <span className="th">
        <Icon aria-hidden />
      </span>
      <div className="grow min-w-0">
        <p className="t">{title}</p>
        <p className="d">{facts.filter(Boolean).join(" · ")}</p>
      </div>
      <DaysLeft entry={entry} />
      <Button size="small" aria-label={`Restore ${title}`} onClick={() => void restore()}>
        <RotateCcw aria-hidden className="s" />
        Restore
      </Button>
      <Menu
        trigger={
          <IconButton label={`More for ${title}`}>
            <Ellipsis aria-hidden />
          </IconButton>
        }
      >
        <MenuItem icon={<Trash2 className="s" />} isDanger onSelect={onEnd}>
          Delete for good
        </MenuItem>
      </Menu>
    </li>
  );
}

const KEPT_DAYS = 30;

function DaysLeft({ entry }: { entry: TrashEntry }) {
  const days = Math.max(0, Math.ceil((Date.parse(entry.expires_at) - Date.now()) / 86_400_000));
  return (
    <div className={`left num ${days <= 3 ? "soon" : ""}`}>
      {plural(days, "day")} left
      <span className="bar" aria-hidden>
        <i style={{ width: `${Math.min(100, (days / KEPT_DAYS) * 100)}%` }} />
      </span>
    </div>
  );
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

function after(project: number | null): void {
  void queries.invalidateQueries({ queryKey: keys.trash });
  void queries.invalidateQueries({ queryKey: keys.items });
  if (project === null) return;
  tellOtherTabs({ project });
  void refreshProject(project);
}

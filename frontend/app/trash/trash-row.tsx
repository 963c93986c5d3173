import { Ellipsis, ImageUp, Maximize2, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { trashThumbnailUrl } from "@/lib/api";
import type { TrashEntry } from "@/lib/types";
import { bytes, plural, when } from "@/lib/words";
import { useProjects } from "../queries";
import { Button, IconButton } from "../ui/button";
import { Menu, MenuItem, MenuLine } from "../ui/menu";
import { isForAnySegment, kindOf, titleOf } from "./kinds";
import { restore } from "./restoring";

interface RowProps {
  entry: TrashEntry;
  onEnd: () => void;
  onElsewhere: () => void;
}

export function TrashRow({ entry, onEnd, onElsewhere }: RowProps) {
  const [, go] = useLocation();
  const title = titleOf(entry);
  const canMove = isForAnySegment(entry);
  return (
    <li>
      <Look entry={entry} />
      <div className="grow min-w-0">
        <p className="t">{title}</p>
        <Facts entry={entry} />
      </div>
      <DaysLeft entry={entry} />
      <Button size="small" aria-label={`Restore ${title}`} onClick={() => void restore(entry, go)}>
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
        {entry.has_picture && (
          <MenuItem
            icon={<Maximize2 className="s" />}
            onSelect={() => window.open(trashThumbnailUrl(entry.id, 1920, entry.deleted_at), "_blank", "noopener")}
          >
            Open
          </MenuItem>
        )}
        {canMove && (
          <MenuItem icon={<ImageUp className="s" />} onSelect={onElsewhere}>
            Restore to another segment…
          </MenuItem>
        )}
        {(entry.has_picture || canMove) && <MenuLine />}
        <MenuItem icon={<Trash2 className="s" />} isDanger onSelect={onEnd}>
          Delete for good
        </MenuItem>
      </Menu>
    </li>
  );
}

/** The picture itself; the kind's sign where there is none, or it cannot be shown. */
function Look({ entry }: { entry: TrashEntry }) {
  const [isBroken, setBroken] = useState(false);
  const { Icon } = kindOf(entry);
  return (
    <span className="th">
      {entry.has_picture && !isBroken ? (
        <img
          alt=""
          width={44}
          height={44}
          loading="lazy"
          decoding="async"
          src={trashThumbnailUrl(entry.id, 160, entry.deleted_at)}
          onError={() => setBroken(true)}
        />
      ) : (
        <Icon aria-hidden />
      )}
    </span>
  );
}

function Facts({ entry }: { entry: TrashEntry }) {
  const projects = useProjects().data ?? [];
  const place =
    projects.find((project) => project.id === entry.project)?.title ??
    (entry.item || entry.what.startsWith("item") ? "Items" : "");
  const facts = [
    `${entry.why ? capital(entry.why) : `${kindOf(entry).name} deleted`} ${when(entry.deleted_at)}`,
    place,
    entry.size_bytes > 0 ? bytes(entry.size_bytes) : "",
  ];
  return <p className="d">{facts.filter(Boolean).join(" · ")}</p>;
}

const SOON_DAYS = 3;
const DAY_MS = 86_400_000;

function DaysLeft({ entry }: { entry: TrashEntry }) {
  const [from, to] = [Date.parse(entry.deleted_at), Date.parse(entry.expires_at)];
  const days = Math.max(0, Math.ceil((to - Date.now()) / DAY_MS));
  const share = Math.min(1, days / Math.max(1, (to - from) / DAY_MS));
  return (
    <div className={`left num ${days <= SOON_DAYS ? "soon" : ""}`}>
      {plural(days, "day")} left
      <span className="bar" aria-hidden>
        <i style={{ width: `${share * 100}%` }} />
      </span>
    </div>
  );
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

import { ImageIcon, Lock } from "lucide-react";
import { RadioGroup } from "radix-ui";
import { useState } from "react";
import { useLocation } from "wouter";
import { thumbnailUrl, trashThumbnailUrl } from "@/lib/api";
import type { Segment, TrashEntry } from "@/lib/types";
import { useProject, useProjects } from "../queries";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Later } from "../ui/states";
import { restore } from "./restoring";

/** A picture from the trash to any segment of any story. */
export default function RestoreDialog({ entry, onClose }: { entry: TrashEntry; onClose: () => void }) {
  const [, go] = useLocation();
  const projects = useProjects().data ?? [];
  const [chosen, setChosen] = useState<number | null>(null);
  const own = projects.some((project) => project.id === entry.project) ? entry.project : null;
  const project = chosen ?? own ?? projects[0]?.id ?? 0;
  const [segment, setSegment] = useState<number | null>(null);

  return (
    <Dialog
      title="Restore to another segment"
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            refusal={segment === null ? "Choose a segment." : null}
            onClick={() => {
              onClose();
              if (segment !== null) void restore(entry, go, segment);
            }}
          >
            Restore
          </Button>
        </>
      }
    >
      <div className="content grid gap-3">
        <div className="flex items-center gap-3">
          <img
            className="w-24 aspect-video object-cover rounded-[6px]"
            src={trashThumbnailUrl(entry.id, 240, entry.deleted_at)}
            alt=""
          />
          <label className="grow min-w-0">
            <span className="lab">Story</span>
            <span className="field">
              <select
                value={project}
                onChange={(event) => {
                  setChosen(Number(event.target.value));
                  setSegment(null);
                }}
              >
                {projects.map((project) => (
                  <option key={project.id} value={project.id}>
                    {project.title}
                  </option>
                ))}
              </select>
            </span>
          </label>
        </div>
        {project > 0 ? (
          <Segments key={project} project={project} own={entry.segment} value={segment} onChange={setSegment} />
        ) : (
          <p className="text-ink-3">There is no story yet.</p>
        )}
      </div>
    </Dialog>
  );
}

interface SegmentsProps {
  project: number;
  own: number | null;
  value: number | null;
  onChange: (id: number) => void;
}

function Segments({ project, own, value, onChange }: SegmentsProps) {
  const { data } = useProject(project);
  if (!data)
    return (
      <Later>
        <div className="skeleton h-40" />
      </Later>
    );
  if (data.segments.length === 0) return <p className="text-ink-3">This story has no segments.</p>;
  return (
    <RadioGroup.Root
      className="choose-segment"
      aria-label="Segment"
      value={value === null ? "" : String(value)}
      onValueChange={(id) => onChange(Number(id))}
    >
      {data.segments.map((other, index) => (
        <RadioGroup.Item key={other.id} value={String(other.id)} disabled={other.is_locked}>
          <b className="num">{index + 1}</b>
          <Small segment={other} />
          <span className="grow min-w-0 text-left">
            <span className="block truncate">{other.text_content}</span>
            <small>{wordsFor(other, own)}</small>
          </span>
          {other.is_locked && <Lock aria-hidden className="s" />}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}

function wordsFor(segment: Segment, own: number | null): string {
  if (segment.is_locked) return "Locked";
  if (segment.id === own)
    return segment.image_file ? "Its own segment; the picture there goes to Trash" : "Its own segment";
  return segment.image_file ? "The picture there goes to Trash" : "No picture yet";
}

const Small = ({ segment }: { segment: Segment }) => (
  <span className="th">
    {segment.image_file ? (
      <img alt="" loading="lazy" src={thumbnailUrl(segment.id, 160, segment.updated_at)} />
    ) : (
      <ImageIcon aria-hidden className="s" />
    )}
  </span>
);

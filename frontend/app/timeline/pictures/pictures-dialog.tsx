import { useEffect, useMemo, useState } from "react";
import { matchPictures } from "@/lib/match-pictures";
import type { ProjectDetail, Segment } from "@/lib/types";
import { plural } from "@/lib/words";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { setView, useView } from "../page/view";
import { sendPictures } from "./many-pictures";

interface Pair {
  segment: Segment;
  number: number;
  file: File;
}

/** Many pictures at once: shown beside their segments before anything is sent. */
export function PicturesDialog({ project, files }: { project: ProjectDetail; files: File[] }) {
  const start = useView((view) => view.currentId);
  const { pairs, left, byNumber } = useMemo(() => paired(project, files, start), [project, files, start]);
  const replaced = pairs.filter((pair) => pair.segment.image_file).length;
  const close = () => setView({ files: null });

  function add() {
    close();
    void sendPictures(project.id, pairs);
  }

  return (
    <Dialog
      title={`${plural(pairs.length, "picture")}${pairs.length ? `, ${range(pairs)}` : ""}`}
      isOpen
      onClose={close}
      className="dialog w-[min(640px,calc(100%-32px))]!"
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" refusal={pairs.length ? null : "There is no segment for these."} onClick={add}>
            Add {plural(pairs.length, "picture")}
          </Button>
        </>
      }
    >
      <div className="content">
        <p className="text-ink-2 mb-3">
          {byNumber
            ? "Matched by the numbers in their names."
            : "In the order of their names, to segments without a picture."}
          {replaced > 0 && ` ${plural(replaced, "picture")} will be replaced and kept in Trash.`}
        </p>
        <ul className="pairs">
          {pairs.map((pair) => (
            <li key={pair.segment.id}>
              <b className="num">{pair.number}</b>
              <Thumb file={pair.file} />
              <div className="min-w-0">
                <p className="truncate">{pair.file.name}</p>
                <p className="truncate text-ink-3 text-[13px]">{pair.segment.text_content}</p>
              </div>
            </li>
          ))}
        </ul>
        {left.length > 0 && (
          <p className="note warn mt-3">
            {plural(left.length, "file")} found no segment: {left.slice(0, 5).join(", ")}
            {left.length > 5 && "…"}
          </p>
        )}
      </div>
    </Dialog>
  );
}

function paired(project: ProjectDetail, files: File[], start: number | null) {
  const { segments } = project;
  const from = Math.max(
    0,
    segments.findIndex((segment) => segment.id === start),
  );
  const free = segments.flatMap((segment, index) =>
    index >= from && !segment.image_file && !segment.is_locked ? [index] : [],
  );
  const found = matchPictures(files, segments.length, free);
  const pairs = found.matches.flatMap(({ index, file }): Pair[] => {
    const segment = segments[index];
    return segment && !segment.is_locked ? [{ segment, number: index + 1, file }] : [];
  });
  pairs.sort((one, other) => one.number - other.number);
  const used = new Set(pairs.map((pair) => pair.file));
  return { pairs, left: files.filter((file) => !used.has(file)).map((file) => file.name), byNumber: found.byNumber };
}

function range(pairs: Pair[]): string {
  const [first, last] = [pairs[0]?.number, pairs.at(-1)?.number];
  return first === last ? `segment ${first}` : `segments ${first} to ${last}`;
}

function Thumb({ file }: { file: File }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return <img src={url} alt="" width={72} height={41} />;
}

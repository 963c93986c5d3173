import {
  Check,
  ChevronLeft,
  Ellipsis,
  FileDiff,
  FileText,
  ImageUp,
  Keyboard,
  Mic,
  Package,
  Pencil,
  SquareCheck,
  Trash2,
  TriangleAlert,
} from "lucide-react";
import { useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import type { Timeline } from "@/lib/film";
import type { ProjectDetail } from "@/lib/types";
import { clock, plural, wordCount } from "@/lib/words";
import { exportBundle } from "../projects/bundles";
import { deleteProject } from "../projects/project-acts";
import { RenameDialog } from "../projects/rename-dialog";
import { refreshProject } from "../queries";
import { useRefusal } from "../shell/server";
import { Button, IconButton } from "../ui/button";
import { Menu, MenuItem, MenuLine } from "../ui/menu";
import { say } from "../ui/toasts";
import { isUnsaved, useDrafts } from "./drafts";
import { cancelAll, narrateAll, useNarrating } from "./narrating";
import { PICTURES } from "./pictures";
import { saveAll } from "./saving";
import { look } from "./view";

export function StoryHead({ project, line }: { project: ProjectDetail; line: Timeline }) {
  const [, go] = useLocation();
  const [isRenaming, setRenaming] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const { segments } = project;
  const words = segments.reduce((sum, it) => sum + wordCount(it.text_content), 0);
  const isWhole = segments.every((it) => it.audio_file);
  return (
    <header className="story-head">
      <div className="grow min-w-0 basis-60">
        <Link className="back" href="/">
          <ChevronLeft aria-hidden className="s" />
          Projects
        </Link>
        <h1>{project.title}</h1>
        <p className="meta num">
          <span>{plural(segments.length, "segment")}</span>
          {segments.length > 0 && (
            <>
              <span>
                {clock(line.frames / line.fps)}
                {!isWhole && " so far"}
              </span>
              <span>{plural(words, "word")}</span>
            </>
          )}
          <SavedState />
        </p>
      </div>
      <div className="acts">
        {segments.length > 0 && (
          <>
            <Button kind="quiet" aria-label="Select" onClick={() => look({ isSelecting: true })}>
              <SquareCheck aria-hidden />
              <span>Select</span>
            </Button>
            <NarrateAll project={project.id} />
          </>
        )}
        <Menu
          trigger={
            <IconButton label="More for this story">
              <Ellipsis aria-hidden />
            </IconButton>
          }
        >
          <MenuItem icon={<Pencil className="s" />} onSelect={() => setRenaming(true)}>
            Rename…
          </MenuItem>
          <MenuItem icon={<FileText className="s" />} onSelect={() => look({ isImporting: true })}>
            Import more segments…
          </MenuItem>
          {segments.length > 0 && (
            <>
              <MenuItem icon={<FileDiff className="s" />} onSelect={() => void reviseSoon(project.id)}>
                Re-import a revised script…
              </MenuItem>
              <MenuItem icon={<ImageUp className="s" />} onSelect={() => files.current?.click()}>
                Add pictures…
              </MenuItem>
              <MenuItem icon={<SquareCheck className="s" />} onSelect={() => look({ isSelecting: true })}>
                Select segments
              </MenuItem>
              <MenuItem icon={<Mic className="s" />} onSelect={() => void narrateAll(project.id)}>
                Narrate all
              </MenuItem>
            </>
          )}
          <MenuItem icon={<Package className="s" />} onSelect={() => void saveAll().then(() => exportBundle(project))}>
            Export bundle…
          </MenuItem>
          <MenuItem icon={<Keyboard className="s" />} keys="?" onSelect={() => look({ isKeysOpen: true })}>
            Keyboard shortcuts
          </MenuItem>
          <MenuLine />
          <MenuItem
            icon={<Trash2 className="s" />}
            isDanger
            onSelect={() => void deleteProject(project).then((isDone) => isDone && go("/"))}
          >
            Delete project
          </MenuItem>
        </Menu>
        <input
          ref={files}
          type="file"
          multiple
          hidden
          accept={PICTURES}
          aria-label="Picture files for the story"
          onChange={(event) => {
            const chosen = [...(event.target.files ?? [])];
            event.target.value = "";
            if (chosen.length) look({ files: chosen });
          }}
        />
      </div>
      {isRenaming && <RenameDialog project={project} onClose={() => setRenaming(false)} />}
    </header>
  );
}

/** Once the server has what was typed: it is compared with what the server has. */
async function reviseSoon(project: number): Promise<void> {
  if (await saveAll()) {
    await refreshProject(project);
    look({ isRevising: true });
  } else say("Not everything is saved yet. Have a look at the segments that say so.");
}

/** The whole story's state in two words; which text it is about stands beside that text. */
function SavedState() {
  const isSaving = useDrafts((drafts) => Object.values(drafts).some((it) => it && isUnsaved(it)));
  const isStuck = useDrafts((drafts) =>
    Object.values(drafts).some((it) => it && ["retrying", "failed", "conflict"].includes(it.state)),
  );
  if (isStuck)
    return (
      <span className="text-warn">
        <TriangleAlert aria-hidden className="s" />
        Not everything is saved
      </span>
    );
  return isSaving ? (
    <span>Saving…</span>
  ) : (
    <span>
      <Check aria-hidden className="s" />
      All changes saved
    </span>
  );
}

function NarrateAll({ project }: { project: number }) {
  const busy = useNarrating((all) => all.byProject[project]);
  const refusal = useRefusal();
  if (busy)
    return (
      <Button aria-label="Stop narrating" onClick={() => void cancelAll(project)}>
        <i className="ring" aria-hidden />
        <span className="num">
          Stop narrating, {busy.done} of {busy.total}
        </span>
      </Button>
    );
  return (
    <Button aria-label="Narrate all" refusal={refusal} onClick={() => void narrateAll(project)}>
      <Mic aria-hidden />
      <span>Narrate all</span>
    </Button>
  );
}

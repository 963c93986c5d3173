import {
  Copy,
  Ellipsis,
  FileDiff,
  FileText,
  ImageUp,
  Keyboard,
  Mic,
  Package,
  Pencil,
  Rows2,
  Rows3,
  Search,
  SquareCheck,
  Trash2,
} from "lucide-react";
import { useRef } from "react";
import { useLocation } from "wouter";
import type { ProjectDetail } from "@/lib/types";
import { exportBundle } from "../../projects/bundles";
import { deleteProject } from "../../projects/project-commands";
import { refreshProject } from "../../queries";
import { chooseAppearance, useAppearance } from "../../shell/appearance";
import { useRefusal } from "../../shell/server";
import { Button, IconButton } from "../../ui/button";
import { Menu, MenuItem, MenuLine } from "../../ui/menu";
import { toast } from "../../ui/toasts";
import { cancelAll, narrateAll } from "../narrating/narrating";
import { useNarrating } from "../narrating/narrating-state";
import { PICTURES } from "../pictures/picture-files";
import { copyPrompts } from "../pictures/prompts";
import { saveAll } from "../saving/saving";
import { openFinding } from "./finding";
import { editTitleSoon } from "./story-title";
import { setView } from "./view";

/** What can be done with the whole story; it stays in view while the cards scroll. */
export function StoryTools({ project }: { project: ProjectDetail }) {
  const [, go] = useLocation();
  const files = useRef<HTMLInputElement>(null);
  const isCompact = useAppearance((state) => state.rows === "compact");
  const { segments } = project;
  return (
    <div className="acts">
      {segments.length > 0 && (
        <>
          <IconButton label="Find and replace" onClick={() => openFinding()}>
            <Search aria-hidden />
          </IconButton>
          <Button kind="quiet" aria-label="Select" onClick={() => setView({ isSelecting: true })}>
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
        <MenuItem icon={<Pencil className="s" />} onSelect={() => editTitleSoon()}>
          Rename
        </MenuItem>
        <MenuItem icon={<FileText className="s" />} onSelect={() => setView({ isImporting: true })}>
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
            <MenuItem icon={<Copy className="s" />} onSelect={() => void copyPrompts(segments)}>
              Copy all prompts
            </MenuItem>
            <MenuLine />
            <MenuItem icon={<Search className="s" />} keys="/" onSelect={() => openFinding()}>
              Find and replace…
            </MenuItem>
            <MenuItem
              icon={isCompact ? <Rows2 className="s" /> : <Rows3 className="s" />}
              onSelect={() => chooseAppearance({ rows: isCompact ? "" : "compact" })}
            >
              {isCompact ? "Full rows" : "Compact rows"}
            </MenuItem>
            <MenuItem icon={<SquareCheck className="s" />} onSelect={() => setView({ isSelecting: true })}>
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
        <MenuItem icon={<Keyboard className="s" />} keys="?" onSelect={() => setView({ isKeysOpen: true })}>
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
          if (chosen.length) setView({ files: chosen });
        }}
      />
    </div>
  );
}

/** Once the server has what was typed: it is compared with what the server has. */
async function reviseSoon(project: number): Promise<void> {
  if (await saveAll()) {
    await refreshProject(project);
    setView({ isRevising: true });
  } else toast("Not everything is saved yet. Have a look at the segments that say so.");
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

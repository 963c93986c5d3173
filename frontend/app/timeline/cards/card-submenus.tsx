// The parts of a card's menu: its picture, its narration, its place.

import {
  ArrowDown,
  ArrowDownToLine,
  ArrowLeftRight,
  ArrowUp,
  ArrowUpToLine,
  CircleDot,
  Copy,
  Crop,
  ExternalLink,
  FileAudio,
  History,
  ImageIcon,
  Images,
  ImageUp,
  ListOrdered,
  Mic,
  MoveVertical,
  Replace,
  Trash2,
  VolumeX,
} from "lucide-react";
import { useLocation } from "wouter";
import type { Segment } from "@/lib/types";
import { MenuItem, SubMenu } from "../../ui/menu";
import { narrateOne } from "../narrating/narrating";
import { startRecording } from "../narrating/recording";
import { SOUNDS, sendSound } from "../narrating/sounds";
import { moveSegments, removeNarration, step } from "../page/segment-commands";
import { setView } from "../page/view";
import { removePicture } from "../pictures/pictures";
import { PauseMenu, VoiceMenu } from "./choice-menus";

export function PictureMenu({ segment, total }: { segment: Segment; total: number }) {
  const [, go] = useLocation();
  const { id, project, image_file: picture, is_locked: isLocked } = segment;
  const ask = (what: "framing" | "restore" | "swap") => () => setView({ asking: { what, segment: id } });
  return (
    <SubMenu icon={<ImageIcon className="s" />} label="Picture">
      {!isLocked && (
        <>
          <MenuItem
            icon={picture ? <ArrowLeftRight className="s" /> : <ImageUp className="s" />}
            keys="U"
            onSelect={() => document.getElementById(`f-${id}`)?.click()}
          >
            {picture ? "Replace picture…" : "Add picture…"}
          </MenuItem>
          <MenuItem icon={<Images className="s" />} onSelect={() => go(`/library?for=${id}&project=${project}`)}>
            Use a picture of the library…
          </MenuItem>
          <MenuItem icon={<History className="s" />} onSelect={ask("restore")}>
            Restore an earlier picture…
          </MenuItem>
        </>
      )}
      {picture && !isLocked && (
        <MenuItem icon={<Crop className="s" />} onSelect={ask("framing")}>
          Focus and motion…
        </MenuItem>
      )}
      {picture && !isLocked && total > 1 && (
        <MenuItem icon={<Replace className="s" />} onSelect={ask("swap")}>
          Swap picture with…
        </MenuItem>
      )}
      {picture && (
        <MenuItem icon={<ExternalLink className="s" />} onSelect={() => window.open(picture, "_blank", "noopener")}>
          Open original
        </MenuItem>
      )}
      <MenuItem
        icon={<Copy className="s" />}
        keys="C"
        onSelect={() => document.querySelector<HTMLElement>(`#s-${id} [data-copy]`)?.click()}
      >
        Copy image prompt
      </MenuItem>
      {picture && !isLocked && (
        <MenuItem icon={<Trash2 className="s" />} onSelect={() => void removePicture(segment)}>
          Remove picture
        </MenuItem>
      )}
    </SubMenu>
  );
}

export function NarrationMenu({ segment }: { segment: Segment }) {
  const { audio_file: audio, is_locked: isLocked } = segment;
  if (isLocked) return null;
  return (
    <SubMenu icon={<Mic className="s" />} label="Narration">
      <MenuItem icon={<Mic className="s" />} keys="G" onSelect={() => void narrateOne(segment)}>
        {audio ? "Narrate again" : "Narrate"}
      </MenuItem>
      <MenuItem icon={<CircleDot className="s" />} onSelect={() => void startRecording(segment)}>
        Record your voice
      </MenuItem>
      <MenuItem icon={<FileAudio className="s" />} onSelect={() => chooseSound(segment)}>
        Use a sound file…
      </MenuItem>
      <VoiceMenu segments={[segment]} />
      <PauseMenu segments={[segment]} />
      {audio && (
        <MenuItem icon={<VolumeX className="s" />} onSelect={() => void removeNarration(segment)}>
          Remove narration
        </MenuItem>
      )}
    </SubMenu>
  );
}

export function MoveMenu({ segment, number, total }: { segment: Segment; number: number; total: number }) {
  const { id, project } = segment;
  const [isFirst, isLast] = [number === 1, number === total];
  return (
    <SubMenu icon={<MoveVertical className="s" />} label="Move">
      <MenuItem icon={<ArrowUp className="s" />} keys="Alt ↑" isDisabled={isFirst} onSelect={() => step(segment, -1)}>
        Move up
      </MenuItem>
      <MenuItem icon={<ArrowDown className="s" />} keys="Alt ↓" isDisabled={isLast} onSelect={() => step(segment, 1)}>
        Move down
      </MenuItem>
      <MenuItem
        icon={<ArrowUpToLine className="s" />}
        isDisabled={isFirst}
        onSelect={() => moveSegments(project, [id], 1)}
      >
        Move to top
      </MenuItem>
      <MenuItem
        icon={<ArrowDownToLine className="s" />}
        isDisabled={isLast}
        onSelect={() => moveSegments(project, [id], total)}
      >
        Move to end
      </MenuItem>
      <MenuItem
        icon={<ListOrdered className="s" />}
        keys="M"
        isDisabled={total < 2}
        onSelect={() => setView({ moving: [id] })}
      >
        Move to…
      </MenuItem>
    </SubMenu>
  );
}

/** A field of its own: the menu's is gone when the browser's dialog opens. */
function chooseSound(segment: Segment): void {
  const field = Object.assign(document.createElement("input"), { type: "file", accept: SOUNDS });
  field.onchange = () => field.files?.[0] && void sendSound(segment, field.files[0]);
  field.click();
}

import {
  ArrowDown,
  ArrowDownToLine,
  ArrowLeftRight,
  ArrowUp,
  ArrowUpToLine,
  Copy,
  Crop,
  Ellipsis,
  ExternalLink,
  History,
  ImageUp,
  Lock,
  LockOpen,
  Mic,
  Package,
  Replace,
  SquareCheck,
  Trash2,
  VolumeX,
} from "lucide-react";
import { memo } from "react";
import { useLocation } from "wouter";
import type { Segment } from "@/lib/types";
import { IconButton } from "../ui/button";
import { Menu, MenuItem, MenuLine } from "../ui/menu";
import { narrateOne } from "./narrating";
import { removePicture } from "./pictures";
import { askDelete, moveSegments, removeNarration, setLocked, step } from "./segment-acts";
import { look, toggleSelected } from "./view";

interface MenuProps {
  segment: Segment;
  number: number;
  total: number;
  tab: 0 | -1;
}

export const CardMenu = memo(({ segment, number, total, tab }: MenuProps) => {
  const [, go] = useLocation();
  const { id, project, image_file: picture, audio_file: audio, is_locked: isLocked } = segment;
  const choose = () => document.getElementById(`f-${id}`)?.click();
  const move = (to: number) => moveSegments(project, [id], to);
  return (
    <Menu
      trigger={
        <IconButton label={`More for segment ${number}`} tabIndex={tab}>
          <Ellipsis aria-hidden />
        </IconButton>
      }
    >
      {!isLocked && (
        <>
          <MenuItem
            icon={picture ? <ArrowLeftRight className="s" /> : <ImageUp className="s" />}
            keys="U"
            onSelect={choose}
          >
            {picture ? "Replace picture…" : "Add picture…"}
          </MenuItem>
          <MenuItem icon={<Package className="s" />} onSelect={() => go(`/items?for=${id}&project=${project}`)}>
            Use an item’s picture…
          </MenuItem>
        </>
      )}
      {picture && (
        <MenuItem icon={<ExternalLink className="s" />} onSelect={() => window.open(picture, "_blank", "noopener")}>
          Open original
        </MenuItem>
      )}
      {!isLocked && (
        <MenuItem icon={<History className="s" />} onSelect={() => look({ asking: { what: "restore", segment: id } })}>
          Restore an earlier picture…
        </MenuItem>
      )}
      {picture && !isLocked && (
        <MenuItem icon={<Crop className="s" />} onSelect={() => look({ asking: { what: "framing", segment: id } })}>
          Focus and motion…
        </MenuItem>
      )}
      {picture && !isLocked && total > 1 && (
        <MenuItem icon={<Replace className="s" />} onSelect={() => look({ asking: { what: "swap", segment: id } })}>
          Swap picture with…
        </MenuItem>
      )}
      {picture && !isLocked && (
        <MenuItem icon={<Trash2 className="s" />} onSelect={() => void removePicture(segment)}>
          Remove picture
        </MenuItem>
      )}
      <MenuLine />
      {!isLocked && (
        <MenuItem icon={<Mic className="s" />} keys="G" onSelect={() => void narrateOne(segment)}>
          {audio ? "Narrate again" : "Narrate"}
        </MenuItem>
      )}
      {audio && !isLocked && (
        <MenuItem icon={<VolumeX className="s" />} onSelect={() => void removeNarration(segment)}>
          Remove narration
        </MenuItem>
      )}
      <MenuItem
        icon={<Copy className="s" />}
        keys="C"
        onSelect={() => document.querySelector<HTMLElement>(`#s-${id} [data-copy]`)?.click()}
      >
        Copy image prompt
      </MenuItem>
      <MenuItem
        icon={isLocked ? <LockOpen className="s" /> : <Lock className="s" />}
        keys="L"
        onSelect={() => void setLocked([segment], !isLocked)}
      >
        {isLocked ? "Unlock" : "Lock"}
      </MenuItem>
      <MenuItem icon={<SquareCheck className="s" />} keys="X" onSelect={() => toggleSelected(id)}>
        Select
      </MenuItem>
      <MenuLine />
      <MenuItem
        icon={<ArrowUp className="s" />}
        keys="Alt ↑"
        isDisabled={number === 1}
        onSelect={() => step(segment, -1)}
      >
        Move up
      </MenuItem>
      <MenuItem
        icon={<ArrowDown className="s" />}
        keys="Alt ↓"
        isDisabled={number === total}
        onSelect={() => step(segment, 1)}
      >
        Move down
      </MenuItem>
      <MenuItem icon={<ArrowUpToLine className="s" />} isDisabled={number === 1} onSelect={() => move(1)}>
        Move to top
      </MenuItem>
      <MenuItem icon={<ArrowDownToLine className="s" />} isDisabled={number === total} onSelect={() => move(total)}>
        Move to end
      </MenuItem>
      <MenuItem icon={<span className="w-4" />} keys="M" isDisabled={total < 2} onSelect={() => look({ moving: [id] })}>
        Move to…
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<Trash2 className="s" />} keys="Delete" isDanger onSelect={() => askDelete([segment])}>
        Delete segment
      </MenuItem>
    </Menu>
  );
});

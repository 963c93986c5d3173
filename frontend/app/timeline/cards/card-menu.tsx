import { CopyPlus, Ellipsis, Lock, LockOpen, Merge, Plus, Scissors, SquareCheck, Trash2 } from "lucide-react";
import { memo } from "react";
import type { Segment } from "@/lib/types";
import { IconButton } from "../../ui/button";
import { Menu, MenuItem, MenuLine } from "../../ui/menu";
import { askDelete, setLocked } from "../page/segment-commands";
import { setView, toggleSelected } from "../page/view";
import { canSplitAt, duplicate, mergeUp, splitAt } from "../page/writing-commands";
import { keyOf, useDrafts } from "../saving/drafts";
import { caretIn } from "../saving/editing";
import { MoveMenu, NarrationMenu, PictureMenu } from "./card-submenus";

interface MenuProps {
  segment: Segment;
  number: number;
  total: number;
  tab: 0 | -1;
}

/** Short enough to be seen whole on any screen; what belongs to picture, narration and place has a menu of its own. */
export const CardMenu = memo((props: MenuProps) => {
  const { segment, number, total, tab } = props;
  const { id, is_locked: isLocked } = segment;
  return (
    <Menu
      side="left"
      align="start"
      trigger={
        <IconButton label={`More for segment ${number}`} tabIndex={tab}>
          <Ellipsis aria-hidden />
        </IconButton>
      }
    >
      <PictureMenu segment={segment} total={total} />
      <NarrationMenu segment={segment} />
      <MoveMenu segment={segment} number={number} total={total} />
      <MenuLine />
      <MenuItem icon={<Plus className="s" />} keys="A" onSelect={() => setView({ adding: { after: id } })}>
        Add a segment below
      </MenuItem>
      <MenuItem icon={<CopyPlus className="s" />} keys="D" onSelect={() => void duplicate(segment)}>
        Duplicate
      </MenuItem>
      {!isLocked && <WritingItems segment={segment} number={number} />}
      <MenuLine />
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
      <MenuItem icon={<Trash2 className="s" />} keys="Delete" isDanger onSelect={() => askDelete([segment])}>
        Delete segment
      </MenuItem>
    </Menu>
  );
});

/** Drawn when the menu opens, so that the caret is where it stands then. */
function WritingItems({ segment, number }: { segment: Segment; number: number }) {
  const text = useDrafts((drafts) => drafts[keyOf(segment.id, "text_content")]?.text) ?? segment.text_content;
  const caret = caretIn(segment.id);
  return (
    <>
      <MenuItem
        icon={<Scissors className="s" />}
        keys="Ctrl Shift Enter"
        isDisabled={!canSplitAt(text, caret)}
        onSelect={() => void splitAt(segment, text, caret)}
      >
        Split at the caret
      </MenuItem>
      <MenuItem icon={<Merge className="s" />} isDisabled={number === 1} onSelect={() => void mergeUp(segment)}>
        Merge with the one before
      </MenuItem>
    </>
  );
}

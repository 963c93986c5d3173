import { Dialog } from "../../ui/dialog";

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const CTRL = IS_MAC ? "⌘" : "Ctrl";

const GROUPS: { title: string; keys: [keys: string, does: string][] }[] = [
  {
    title: "Going about",
    keys: [
      ["↑ ↓ or K J", "previous, next segment"],
      ["Home End", "first, last segment"],
      ["Enter", "edit the narration"],
      [`${CTRL} Enter`, "save and edit the next"],
      ["Esc", "leave the field; the text is kept"],
      [`/ or ${CTRL} F`, "find and replace"],
    ],
  },
  {
    title: "Writing",
    keys: [
      ["A", "add a segment below"],
      ["D", "duplicate"],
      [`${CTRL} Shift Enter`, "in the text: split at the caret"],
      ["Backspace", "at the start of the text: merge with the one before"],
    ],
  },
  {
    title: "Hearing",
    keys: [
      ["Space", "play or pause this segment"],
      ["Shift Space", "play from here to the end"],
      ["← →", "one word, on the strip; Shift: one segment"],
    ],
  },
  {
    title: "Doing",
    keys: [
      ["U", "add or replace the picture"],
      ["C", "copy the image prompt"],
      ["L", "lock or unlock"],
      ["G", "narrate"],
      ["P", "preview, on a narrow page"],
      ["Delete", "delete"],
      [`${CTRL} Shift Enter`, "on a card: render"],
      [`${CTRL} Z, ${CTRL} Shift Z`, "undo, redo"],
    ],
  },
  {
    title: "Moving and choosing",
    keys: [
      ["Alt ↑ ↓", "move up, down"],
      ["M", "move to…"],
      ["X", "select"],
      ["Shift ↑ ↓", "select more; Shift click: all between"],
      [`${CTRL} A`, "select all"],
      ["?", "this list"],
    ],
  },
];

export function KeysSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog
      title="Keyboard shortcuts"
      isOpen={isOpen}
      onClose={onClose}
      className="dialog w-[min(760px,calc(100%-32px))]!"
    >
      <div className="content grid gap-x-10 gap-y-5 sm:grid-cols-2">
        {GROUPS.map((group) => (
          <section key={group.title}>
            <h3 className="lab">{group.title}</h3>
            <dl className="grid gap-1.5">
              {group.keys.map(([keys, does]) => (
                <div key={keys} className="flex items-baseline gap-3">
                  <dt className="kbd shrink-0">{keys}</dt>
                  <dd className="text-ink-2">{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <p className="text-ink-3 text-[13px] sm:col-span-2">
          Single letters work while a card has the focus. They can be switched off in Settings.
        </p>
      </div>
    </Dialog>
  );
}

import { Check, Copy, ImageIcon } from "lucide-react";
import { memo, useEffect, useRef, useState } from "react";
import type { Segment } from "@/lib/types";
import { IconButton } from "../../ui/button";
import { toast } from "../../ui/toasts";
import { didEdit, focusSoon } from "../page/segment-commands";
import { dropDraft, keyOf, useDrafts } from "../saving/drafts";
import { SaveState } from "../saving/save-state";
import { compare, save, typeText } from "../saving/saving";

const FIELD = "image_prompt";

interface PromptProps {
  segment: Segment;
  number: number;
  tab: 0 | -1;
}

export const PromptRow = memo(({ segment, number, tab }: PromptProps) => {
  const draft = useDrafts((drafts) => drafts[keyOf(segment.id, FIELD)]);
  const [isCopied, setCopied] = useState(false);
  const atFocus = useRef(segment.image_prompt);
  const input = useRef<HTMLInputElement>(null);
  const text = draft?.text ?? segment.image_prompt;
  useEffect(() => compare(segment, FIELD), [segment]);

  async function leave() {
    if (!draft) return;
    await save(segment.id, FIELD);
    const now = useDrafts.getState()[keyOf(segment.id, FIELD)];
    if (now?.state !== "saved") return;
    dropDraft(segment.id, FIELD);
    if (now.base !== atFocus.current) didEdit(segment, FIELD, atFocus.current, now.base);
    atFocus.current = now.base;
  }

  async function copy() {
    if (await copyPrompt(text)) {
      setCopied(true);
      setTimeout(() => setCopied(false), 1_500);
    } else input.current?.select();
  }

  return (
    <>
      <div className="prompt">
        <ImageIcon aria-hidden className="s" />
        <input
          ref={input}
          tabIndex={tab}
          value={text}
          readOnly={segment.is_locked}
          placeholder="No image prompt"
          aria-label={`Image prompt of segment ${number}`}
          title={text}
          onFocus={() => {
            atFocus.current = segment.image_prompt;
          }}
          onBlur={() => void leave()}
          onChange={(event) => {
            if (!draft) atFocus.current = segment.image_prompt;
            typeText(segment, FIELD, event.target.value);
          }}
          onKeyDown={(event) => (event.key === "Escape" || event.key === "Enter") && focusSoon(segment.id)}
        />
        {text && (
          <IconButton
            label={`Copy the image prompt of segment ${number}`}
            tabIndex={tab}
            data-copy
            onClick={() => void copy()}
          >
            {isCopied ? <Check aria-hidden className="s" /> : <Copy aria-hidden className="s" />}
          </IconButton>
        )}
      </div>
      {draft && draft.state !== "saved" && <SaveState draft={draft} number={number} />}
    </>
  );
});

async function copyPrompt(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    toast("Image prompt copied");
    return true;
  } catch {
    toast("Press Ctrl C to copy");
    return false;
  }
}

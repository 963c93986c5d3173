import type { Focuses, Framing, FramingChange, Segment } from "@/lib/types";
import { ratioOf, SHAPES, sizeIn } from "../../render/shapes";
import { ChoiceRow } from "../../ui/choices";
import { FocusPoint } from "./focus-point";

/** A point for every shape, or for one alone. */
export type FocusTarget = "every" | keyof Focuses;

interface SectionProps {
  segment: Segment;
  framing: Framing;
  /** The story's own shape. */
  shape: keyof Focuses;
  target: FocusTarget;
  onTarget: (target: FocusTarget) => void;
  onChange: (change: FramingChange) => void;
}

/** Where the camera looks, in which shape; the point of one shape wins over that of every shape. */
export function FocusSection({ segment, framing, shape, target, onTarget, onChange }: SectionProps) {
  const own = target === "every" ? undefined : framing.own_focuses[target];
  const focus =
    target !== "every" ? framing.focuses[target] : framing.own_focuses[shape] ? framing.focus : framing.focuses[shape];
  return (
    <section aria-label="Picture">
      <ChoiceRow<FocusTarget>
        label="The point is for"
        value={target}
        options={[
          { value: "every", label: "Every shape" },
          ...SHAPES.map(({ ratio }) => ({
            value: ratio as keyof Focuses,
            label: framing.own_focuses[ratio] ? `${ratio} •` : ratio,
          })),
        ]}
        onChange={onTarget}
      />
      <FocusPoint
        segment={segment}
        focus={focus}
        onChange={(to) => onChange(target === "every" ? { focus: to } : { focuses: { [target]: to } })}
      />
      <p className="hint">
        Drag the point to what matters, or move it with the arrow keys.{" "}
        {target !== "every" && own && (
          <button type="button" className="link" onClick={() => onChange({ focuses: { [target]: null } })}>
            As every shape
          </button>
        )}
        {isFound(framing) && "Until you do, it is where most stands out in the picture."}
      </p>
    </section>
  );
}

const isFound = ({ suggested, own_focuses, focus }: Framing) =>
  suggested !== null && Object.keys(own_focuses).length === 0 && String(focus) === "0.5,0.5";

/** The size in which the shot is shown: of the shape that the point is for. */
export function sizeOfTarget(target: FocusTarget, own: string): string {
  const shape = SHAPES.find((shape) => shape.ratio === target);
  return shape && ratioOf(own) !== target ? sizeIn(shape, own) : own;
}

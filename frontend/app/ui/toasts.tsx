import { toast } from "sonner";
import { reasonOf } from "@/lib/api-error";

interface Act {
  label: string;
  onClick: () => void;
}

/** At most two at a time; six seconds, ten with an action, endless for an error. */
export function say(words: string, act?: Act, { isError = false } = {}): void {
  raiseNotices();
  toast.custom(
    (id) => (
      <div className="toast">
        <span>{words}</span>
        <span className="flex">
          {act && (
            <button
              type="button"
              onClick={() => {
                toast.dismiss(id);
                act.onClick();
              }}
            >
              {act.label}
            </button>
          )}
          {isError && (
            <button type="button" onClick={() => toast.dismiss(id)}>
              Close
            </button>
          )}
        </span>
      </div>
    ),
    { duration: isError ? Number.POSITIVE_INFINITY : act ? 10_000 : 6_000 },
  );
}

/** Notices stand above the bar at the bottom, however many lines it has. */
export function raiseNotices(): void {
  const bar = document.querySelector<HTMLElement>("section.render");
  const height = bar ? `${bar.offsetHeight + 12}px` : "";
  document.documentElement.style.setProperty("--notices-from", height);
}

export function sayProblem(words: string, problem: unknown, act?: Act): void {
  say(`${words}: ${reasonOf(problem).replace(/\.$/, "")}.`, act, { isError: true });
}

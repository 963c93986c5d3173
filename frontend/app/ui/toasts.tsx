import { toast as sonner, Toaster } from "sonner";
import { reasonOf } from "@/lib/api-error";
import { useIsWide } from "../shell/use-is-wide";

interface ToastAction {
  label: string;
  onClick: () => void;
}

/** At most two at a time; six seconds, ten with an action, endless for an error. */
export function toast(words: string, action?: ToastAction, { isError = false } = {}): void {
  raiseNotices();
  sonner.custom(
    (id) => (
      <div className="toast">
        <span>{words}</span>
        <span className="flex">
          {action && (
            <button
              type="button"
              onClick={() => {
                sonner.dismiss(id);
                action.onClick();
              }}
            >
              {action.label}
            </button>
          )}
          {isError && (
            <button type="button" onClick={() => sonner.dismiss(id)}>
              Close
            </button>
          )}
        </span>
      </div>
    ),
    { duration: isError ? Number.POSITIVE_INFINITY : action ? 10_000 : 6_000 },
  );
}

/** Notices stand above the bar at the bottom, however many lines it has. */
export function raiseNotices(): void {
  const bar = document.querySelector<HTMLElement>("section.render");
  const height = bar ? `${bar.offsetHeight + 12}px` : "";
  document.documentElement.style.setProperty("--notices-from", height);
}

export function toastProblem(words: string, problem: unknown, action?: ToastAction): void {
  toast(`${words}: ${reasonOf(problem).replace(/\.$/, "")}.`, action, { isError: true });
}

/** Where there is a preview they lie below it, not over what is being written. */
export function Notices() {
  return (
    <Toaster
      position={useIsWide() ? "bottom-right" : "bottom-center"}
      visibleToasts={2}
      offset={{ bottom: 92, right: 24 }}
      mobileOffset={84}
      hotkey={["F8"]}
      containerAriaLabel="Notices"
      toastOptions={{ unstyled: true }}
    />
  );
}

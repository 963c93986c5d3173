import { X } from "lucide-react";
import { AlertDialog, Dialog as Radix } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { Button } from "./button";
import { lastMenuTrigger } from "./menu";

interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
  className?: string;
}

/** Focus goes back to whatever had it before, or to the button of the menu it was in. */
export function Dialog({ title, isOpen, onClose, children, footer, className = "dialog" }: DialogProps) {
  const opener = useRef<Element | null>(null);
  function begin(event: Event) {
    opener.current = document.activeElement;
    focusFirstField(event);
  }
  function end(event: Event) {
    const before = opener.current;
    const isThere = before?.isConnected && before !== document.body;
    event.preventDefault();
    ((isThere ? before : lastMenuTrigger()) as HTMLElement | null)?.focus();
  }
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content
          className={className}
          aria-describedby={undefined}
          onOpenAutoFocus={begin}
          onCloseAutoFocus={end}
        >
          <header>
            <Radix.Title>{title}</Radix.Title>
            <Radix.Close className="ib" aria-label="Close">
              <X aria-hidden />
            </Radix.Close>
          </header>
          {children}
          {footer && <footer>{footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Where a dialog has something to write, one can begin at once. */
function focusFirstField(event: Event): void {
  const field = (event.currentTarget as HTMLElement).querySelector<HTMLElement>(
    "input:not([type=file], [type=range]), textarea",
  );
  if (!field) return;
  event.preventDefault();
  field.focus();
}

interface ConfirmProps {
  title: string;
  isOpen: boolean;
  keep: string;
  act: string;
  onKeep: () => void;
  onAct: () => void;
  children?: ReactNode;
}

/** Only for what cannot be undone; the safe answer has the focus. */
export function Confirm({ title, isOpen, keep, act, onKeep, onAct, children }: ConfirmProps) {
  const safe = useRef<HTMLButtonElement>(null);
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={(open) => !open && onKeep()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="scrim" />
        <AlertDialog.Content
          className="dialog"
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            safe.current?.focus();
          }}
        >
          <header>
            <AlertDialog.Title>{title}</AlertDialog.Title>
          </header>
          <AlertDialog.Description className="content text-ink-2">{children}</AlertDialog.Description>
          <footer>
            <AlertDialog.Cancel asChild>
              <button type="button" className="btn" ref={safe}>
                {keep}
              </button>
            </AlertDialog.Cancel>
            <Button kind="danger" onClick={onAct}>
              {act}
            </Button>
          </footer>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

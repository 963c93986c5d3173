import { Tooltip } from "radix-ui";
import type { ButtonHTMLAttributes, ReactNode } from "react";

type Kind = "primary" | "plain" | "quiet" | "danger";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
  size?: "small" | "big";
  /** Why it cannot be pressed now; it stays focusable, so that the reason can be found. */
  refusal?: string | null;
}

export function Button({ kind = "plain", size, refusal, className, onClick, children, ...rest }: ButtonProps) {
  const button = (
    <button
      type="button"
      {...rest}
      className={`btn ${kind} ${size ?? ""} ${className ?? ""}`}
      aria-disabled={refusal ? true : undefined}
      aria-description={refusal ?? undefined}
      onClick={refusal ? (event) => event.preventDefault() : onClick}
    >
      {children}
    </button>
  );
  return refusal ? <Tip text={refusal}>{button}</Tip> : button;
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string;
  children: ReactNode;
}

export function IconButton({ label, className, children, ...rest }: IconButtonProps) {
  return (
    <Tip text={label}>
      <button type="button" {...rest} aria-label={label} className={`ib ${className ?? ""}`}>
        {children}
      </button>
    </Tip>
  );
}

function Tip({ text, children }: { text: string; children: ReactNode }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="tip" sideOffset={6} collisionPadding={8} aria-hidden>
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

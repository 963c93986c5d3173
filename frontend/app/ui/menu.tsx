import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

interface MenuProps {
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
}

/** What opened the last menu: the items that a dialog was opened from are gone when it closes. */
let lastTrigger: HTMLElement | null = null;

export const lastMenuTrigger = () => lastTrigger;

export function Menu({ trigger, children, align = "end" }: MenuProps) {
  const note = (isOpen: boolean) => {
    if (isOpen) lastTrigger = document.activeElement as HTMLElement | null;
  };
  return (
    <DropdownMenu.Root modal={false} onOpenChange={note}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align={align} sideOffset={4} collisionPadding={8}>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface ItemProps {
  icon?: ReactNode;
  keys?: string;
  isDanger?: boolean;
  isDisabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
}

export function MenuItem({ icon, keys, isDanger, isDisabled, onSelect, children }: ItemProps) {
  return (
    <DropdownMenu.Item className={isDanger ? "danger" : ""} disabled={isDisabled} onSelect={onSelect}>
      {icon}
      {children}
      {keys && <span className="keys">{keys}</span>}
    </DropdownMenu.Item>
  );
}

export const MenuLine = () => (
  <DropdownMenu.Separator asChild>
    <hr />
  </DropdownMenu.Separator>
);

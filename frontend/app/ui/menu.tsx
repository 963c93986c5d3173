import { Check, ChevronRight } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { type PointerEvent, type ReactNode, useRef } from "react";
import { whenPressEnds } from "./press";

interface MenuProps {
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
  /** Beside its button a menu can be as tall as the page; below it only as tall as what is left there. */
  side?: "bottom" | "left";
}

/** What opened the last menu: the items that a dialog was opened from are gone when it closes. */
let lastTrigger: HTMLElement | null = null;

export const lastMenuTrigger = () => lastTrigger;

/** Letting go after so many pixels chooses the item that is there; sooner it only ends the press that opened the menu. */
const DRAG_PX = 10;

export function Menu({ trigger, children, align = "end", side = "bottom" }: MenuProps) {
  const press = useOpeningPress();
  const note = (isOpen: boolean) => {
    if (isOpen) lastTrigger = document.activeElement as HTMLElement | null;
  };
  return (
    <DropdownMenu.Root modal={false} onOpenChange={note}>
      <DropdownMenu.Trigger asChild onPointerDown={press.begin}>
        {trigger}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu"
          align={align}
          side={side}
          onPointerUpCapture={(event) => press.isEndedBy(event) && event.stopPropagation()}
          sideOffset={4}
          collisionPadding={8}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** A menu may open under the pointer: the press that opened it, however long it takes, chooses nothing there. */
function useOpeningPress() {
  const start = useRef<{ clientX: number; clientY: number } | null>(null);
  const begin = ({ clientX, clientY }: PointerEvent) => {
    start.current = { clientX, clientY };
    whenPressEnds(() => setTimeout(() => (start.current = null))); // after the menu has seen it
  };
  const isEndedBy = ({ clientX, clientY }: PointerEvent) =>
    start.current !== null && Math.hypot(clientX - start.current.clientX, clientY - start.current.clientY) < DRAG_PX;
  return { begin, isEndedBy };
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

interface SubMenuProps {
  icon?: ReactNode;
  label: string;
  children: ReactNode;
}

/** A group of its own; on a phone it lies over the menu that it belongs to. */
export const SubMenu = ({ icon, label, children }: SubMenuProps) => (
  <DropdownMenu.Sub>
    <DropdownMenu.SubTrigger>
      {icon}
      {label}
      <ChevronRight aria-hidden className="s ml-auto text-ink-3" />
    </DropdownMenu.SubTrigger>
    <DropdownMenu.Portal>
      <DropdownMenu.SubContent className="menu" sideOffset={2} collisionPadding={8}>
        {children}
      </DropdownMenu.SubContent>
    </DropdownMenu.Portal>
  </DropdownMenu.Sub>
);

interface ChoiceItemsProps<Value extends string> {
  /** None is ticked where the things it is about differ. */
  value: Value | undefined;
  options: { value: Value; label: string }[];
  onChange: (value: Value) => void;
}

export function ChoiceItems<Value extends string>({ value, options, onChange }: ChoiceItemsProps<Value>) {
  return (
    <DropdownMenu.RadioGroup value={value ?? ""} onValueChange={(value) => onChange(value as Value)}>
      {options.map((option) => (
        <DropdownMenu.RadioItem key={option.value} value={option.value}>
          <span className="w-4">
            <DropdownMenu.ItemIndicator>
              <Check aria-hidden className="s" />
            </DropdownMenu.ItemIndicator>
          </span>
          {option.label}
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

export const MenuLine = () => (
  <DropdownMenu.Separator asChild>
    <hr />
  </DropdownMenu.Separator>
);

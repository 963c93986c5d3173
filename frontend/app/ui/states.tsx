import { type ReactNode, useEffect, useState } from "react";
import { reasonOf } from "@/lib/api-error";
import { Button } from "./button";

/** What this place is for, and the one next step. */
export function EmptyState({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="state">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div className="acts-row">{actions}</div>}
    </div>
  );
}

interface FailedProps {
  title: string;
  problem: unknown;
  safe?: string;
  onRetry: () => void;
  more?: ReactNode;
}

export function FailedState({ title, problem, safe, onRetry, more }: FailedProps) {
  return (
    <div className="state" role="alert">
      <h2>{title}</h2>
      <p>
        {safe} {reasonOf(problem)}
      </p>
      <div className="acts-row">
        <Button onClick={onRetry}>Try again</Button>
        {more}
      </div>
    </div>
  );
}

/** Nothing for 150 ms, then its children: a fast answer must not flash. */
export function Later({ children }: { children: ReactNode }) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return isLate ? (
    <div role="status" aria-label="Loading">
      {children}
    </div>
  ) : null;
}

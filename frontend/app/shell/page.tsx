import { type ReactNode, useEffect, useRef } from "react";

interface PageProps {
  title: string;
  className?: string;
  children: ReactNode;
}

/** The main landmark; gives the tab its title, and the heading the focus when a person came from another page. */
export function Page({ title, className, children }: PageProps) {
  const main = useRef<HTMLElement>(null);
  useTabTitle(title);
  useEffect(() => {
    const isElsewhere = !main.current?.contains(document.activeElement);
    if (!isFirst && isElsewhere && !document.querySelector("[role=dialog]")) {
      const heading = main.current?.querySelector("h1");
      heading?.setAttribute("tabindex", "-1");
      heading?.focus({ preventScroll: true });
    }
    isFirst = false;
  }, []);
  return (
    <main id="main" ref={main} className={className ?? "page"}>
      {children}
    </main>
  );
}

let isFirst = true;

function useTabTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · StoryFlow` : "StoryFlow";
  }, [title]);
}

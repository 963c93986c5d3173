import { Search } from "lucide-react";
import type { ReactNode } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { useTarget } from "../items/target";
import { Button } from "../ui/button";

interface HeadProps {
  here: "/library" | "/items";
  wanted: string;
  onWanted: (wanted: string) => void;
  hint: string;
  children?: ReactNode;
}

/** The library's two halves: pictures of the stories, and items of the catalogue, each with a picture. */
export function LibraryHead({ here, wanted, onWanted, hint, children }: HeadProps) {
  const search = useSearch();
  const query = search ? `?${search}` : "";
  return (
    <>
      <Choosing />
      <div className="page-head">
        <div className="grow">
          <h1>Library</h1>
          <p className="lede">Pictures to use again, in any story.</p>
        </div>
        <label className="field w-auto! min-w-60 max-sm:w-full! max-sm:order-last">
          <Search aria-hidden className="s" />
          <input
            value={wanted}
            placeholder={hint}
            aria-label={hint}
            onChange={(event) => onWanted(event.target.value)}
          />
        </label>
        {children}
      </div>
      <nav className="seg3 mb-4" aria-label="Parts of the library">
        {PARTS.map(({ href, name }) => (
          <Link key={href} href={href + query} aria-current={href === here ? "page" : undefined}>
            {name}
          </Link>
        ))}
      </nav>
    </>
  );
}

const PARTS = [
  { href: "/library", name: "Pictures of stories" },
  { href: "/items", name: "Items" },
] as const;

function Choosing() {
  const target = useTarget();
  const [, go] = useLocation();
  if (!target?.segment) return null;
  return (
    <p className="note mb-4 items-center!">
      Choose a picture for segment {target.number}.
      <Button size="small" className="ml-auto" onClick={() => go(`/projects/${target.project}`)}>
        Back to the story
      </Button>
    </p>
  );
}

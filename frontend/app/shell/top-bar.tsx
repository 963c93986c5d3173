import { ChevronLeft, Contrast, Layers, SlidersHorizontal, Trash2 } from "lucide-react";
import { Link, useLocation } from "wouter";
import { signOut } from "@/lib/api";
import { Button, IconButton } from "../ui/button";
import { chooseAppearance, isDark } from "./appearance";
import { useServer } from "./server";
import { useSession } from "./session-gate";

const PLACES = [
  { href: "/", name: "Projects", Icon: Layers },
  { href: "/trash", name: "Trash", Icon: Trash2 },
  { href: "/settings", name: "Settings", Icon: SlidersHorizontal },
];
const HEALTH = { up: "On this computer", connecting: "Connecting…", down: "Not answering" };

export function TopBar() {
  const [path] = useLocation();
  const isInProject = path.startsWith("/projects/");
  return (
    <>
      <header className={`top ${isInProject ? "in-project" : ""}`}>
        <Link className="brand" href="/">
          <Mark />
          <span>StoryFlow</span>
        </Link>
        <Link className="crumb" href="/">
          <ChevronLeft aria-hidden className="s" />
          Projects
        </Link>
        <nav aria-label="Main">
          <Places path={path} />
        </nav>
        <ServerDot />
        <SignedIn />
        <IconButton
          label="Switch light and dark"
          onClick={() => chooseAppearance({ theme: isDark() ? "light" : "dark" })}
        >
          <Contrast aria-hidden />
        </IconButton>
      </header>
      {!isInProject && (
        <nav className="tabs" aria-label="Main, at the bottom">
          <Places path={path} hasIcons />
        </nav>
      )}
    </>
  );
}

function Places({ path, hasIcons = false }: { path: string; hasIcons?: boolean }) {
  return PLACES.map(({ href, name, Icon }) => {
    const isHere = href === "/" ? path === "/" || path.startsWith("/projects") : path.startsWith(href);
    return (
      <Link key={href} href={href} aria-current={isHere ? "page" : undefined}>
        {hasIcons && <Icon aria-hidden />}
        {name}
      </Link>
    );
  });
}

/** Only where accounts are on. */
function SignedIn() {
  const session = useSession().data;
  if (!session?.accounts || !session.user) return null;
  return (
    <Button kind="quiet" size="small" onClick={() => void signOut().then(() => location.assign("/"))}>
      Sign out {session.user.name}
    </Button>
  );
}

function ServerDot() {
  const health = useServer((server) => server.health);
  return (
    <span className="here" role="status">
      <i className={`dot ${health}`} aria-hidden />
      <span className="words" aria-hidden>
        {HEALTH[health]}
      </span>
      <span className="sr-only">StoryFlow: {HEALTH[health]}</span>
    </span>
  );
}

const Mark = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <rect x="1" y="1" width="22" height="22" rx="6" fill="var(--accent)" />
    <g fill="var(--on-accent)">
      <rect x="5" y="6.5" width="6" height="2.6" rx="1.3" />
      <rect x="12.5" y="6.5" width="6.5" height="2.6" rx="1.3" />
      <rect x="5" y="10.9" width="9" height="2.6" rx="1.3" />
      <rect x="15.5" y="10.9" width="3.5" height="2.6" rx="1.3" opacity=".6" />
      <rect x="5" y="15.3" width="4" height="2.6" rx="1.3" opacity=".6" />
    </g>
  </svg>
);

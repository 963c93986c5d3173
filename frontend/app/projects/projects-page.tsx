import { FileText, Images, Plus, Search } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import type { Project } from "@/lib/types";
import { useProjects } from "../queries";
import { Page } from "../shell/page";
import { isPicture } from "../timeline/pictures/picture-files";
import { Button } from "../ui/button";
import { EmptyState, FailedState, Later } from "../ui/states";
import { toast } from "../ui/toasts";
import { NoProjects } from "./no-projects";
import { ProjectCard } from "./project-card";

const ImportDialog = lazy(() => import("../import/import-dialog"));
const FINDING_FROM = 5;

export function ProjectsPage() {
  const projects = useProjects();
  const [params, setParams] = useSearchParams();
  const [file, setFile] = useState<File | null>(null);
  const [wanted, setWanted] = useState("");
  const isImporting = params.get("import") === "1";
  const open = () => setParams({ import: "1" });
  useImportKeys(open);

  function close() {
    setFile(null);
    setParams({}, { replace: true });
  }

  return (
    <Page title="Projects">
      <div
        className="min-h-[60vh]"
        onDragOver={(event) => event.dataTransfer.types.includes("Files") && event.preventDefault()}
        onDrop={(event) => {
          const dropped = event.dataTransfer.files[0];
          if (!dropped || isImporting) return;
          event.preventDefault();
          if (isPicture(dropped)) {
            toast("That is a picture. Open a story to add it.", undefined, { isError: true });
            return;
          }
          setFile(dropped);
          open();
        }}
      >
        <div className="page-head">
          <div className="grow">
            <h1>Projects</h1>
            {projects.data && <p className="lede">{counted(projects.data.length)}</p>}
          </div>
          {projects.data && projects.data.length >= FINDING_FROM && <Finder value={wanted} onChange={setWanted} />}
          <Link className="btn" href="/library">
            <Images aria-hidden />
            Library
          </Link>
          <Button kind="primary" onClick={open}>
            <Plus aria-hidden />
            Import a story
          </Button>
        </div>
        <List query={projects} wanted={wanted} onImport={open} onClear={() => setWanted("")} />
      </div>
      {isImporting && (
        <Suspense>
          <ImportDialog isOpen onClose={close} file={file} />
        </Suspense>
      )}
    </Page>
  );
}

interface ListProps {
  query: ReturnType<typeof useProjects>;
  wanted: string;
  onImport: () => void;
  onClear: () => void;
}

function List({ query, wanted, onImport, onClear }: ListProps) {
  const [, go] = useLocation();
  if (!query.data)
    return query.isError ? (
      <FailedState
        title="Your projects could not be read"
        safe="They are still on this computer."
        problem={query.error}
        onRetry={() => void query.refetch()}
        more={<Button onClick={() => go("/settings#health")}>Check health</Button>}
      />
    ) : (
      <Later>
        <ul className="grid-cards">
          {[1, 2, 3].map((number) => (
            <li key={number} className="card">
              <div className="cover" />
              <div className="in">
                <div className="skeleton h-6 w-3/4" />
                <div className="skeleton h-4 w-1/2" />
                <div className="skeleton h-6 w-full" />
              </div>
            </li>
          ))}
        </ul>
      </Later>
    );
  if (query.data.length === 0) return <NoProjects onImport={onImport} />;
  const found = matching(query.data, wanted);
  if (found.length === 0)
    return (
      <EmptyState
        title={`No project is called “${wanted}”.`}
        actions={<Button onClick={onClear}>Clear search</Button>}
      />
    );
  return (
    <ul className="grid-cards">
      {found.map((project) => (
        <ProjectCard key={project.id} project={project} />
      ))}
      {!wanted && (
        <li className="contents">
          <button type="button" className="card add" onClick={onImport}>
            <FileText aria-hidden className="text-ink-2" />
            <b>Start a story</b>
            <span>Drop a text, Markdown or JSON file or a bundle here, or paste from anywhere.</span>
          </button>
        </li>
      )}
    </ul>
  );
}

const matching = (projects: Project[], wanted: string) =>
  projects.filter((project) => project.title.toLocaleLowerCase().includes(wanted.trim().toLocaleLowerCase()));

const NUMBERS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];

function counted(count: number): string {
  if (count === 0) return "";
  if (count === 1) return "One story.";
  return `${NUMBERS[count] ?? count.toLocaleString("en")} stories, newest first.`;
}

function Finder({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <label className="field w-auto! min-w-60 max-sm:w-full! max-sm:order-last">
      <Search aria-hidden className="s" />
      <input
        id="find"
        value={value}
        placeholder="Find a project"
        aria-label="Find a project"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onChange("")}
      />
    </label>
  );
}

/** N imports, / finds; not while something is typed into a field. */
function useImportKeys(open: () => void) {
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, textarea, [role=dialog]")) return;
      if (event.key === "n" || event.key === "N") {
        event.preventDefault();
        open();
      } else if (event.key === "/") {
        const find = document.getElementById("find");
        if (find) event.preventDefault();
        find?.focus();
      }
    }
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });
}

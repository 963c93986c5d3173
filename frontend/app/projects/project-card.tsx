import {
  Check,
  Clock,
  Copy,
  Ellipsis,
  FolderOpen,
  ImageIcon,
  Package,
  Pencil,
  Trash2,
  TriangleAlert,
} from "lucide-react";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { thumbnailUrl } from "@/lib/api";
import type { Project, ProjectVideo } from "@/lib/types";
import { ago, clock, plural } from "@/lib/words";
import { useProjectStatus } from "../queries";
import { IconButton } from "../ui/button";
import { Menu, MenuItem, MenuLine } from "../ui/menu";
import { exportBundle } from "./bundles";
import { deleteProject, duplicateProject } from "./project-commands";
import { RenameDialog } from "./rename-dialog";

export function ProjectCard({ project }: { project: Project }) {
  const [, go] = useLocation();
  const [isRenaming, setRenaming] = useState(false);
  const facts = [
    plural(project.segment_count, "segment"),
    ...(project.narration_s > 0 ? [clock(project.narration_s)] : []),
    ago(project.updated_at),
  ];
  const isRendering = project.status === "PROCESSING";
  return (
    <li className="card">
      <Cover project={project} />
      <div className="in">
        <div className="flex items-start gap-1">
          <div className="flex-1 min-w-0">
            <h2>
              <Link href={`/projects/${project.id}`}>{project.title}</Link>
            </h2>
            <p className="sub num">{facts.join(" · ")}</p>
          </div>
          <Menu
            trigger={
              <IconButton label={`More for ${project.title}`}>
                <Ellipsis aria-hidden />
              </IconButton>
            }
          >
            <MenuItem icon={<FolderOpen aria-hidden className="s" />} onSelect={() => go(`/projects/${project.id}`)}>
              Open
            </MenuItem>
            <MenuItem icon={<Pencil aria-hidden className="s" />} onSelect={() => setRenaming(true)}>
              Rename…
            </MenuItem>
            <MenuItem icon={<Copy aria-hidden className="s" />} onSelect={() => void duplicateProject(project)}>
              Duplicate
            </MenuItem>
            <MenuItem icon={<Package aria-hidden className="s" />} onSelect={() => void exportBundle(project)}>
              Export bundle…
            </MenuItem>
            <MenuLine />
            <MenuItem icon={<Trash2 aria-hidden className="s" />} isDanger onSelect={() => void deleteProject(project)}>
              {isRendering ? "Stop rendering and delete" : "Delete"}
            </MenuItem>
          </Menu>
        </div>
        <div className="foot">
          <Status project={project} />
        </div>
      </div>
      {isRenaming && <RenameDialog project={project} onClose={() => setRenaming(false)} />}
    </li>
  );
}

function Cover({ project }: { project: Project }) {
  const { cover, updated_at } = project;
  if (cover === null)
    return (
      <div className="cover-empty">
        <ImageIcon aria-hidden />
        No pictures yet
      </div>
    );
  return (
    <img
      className="cover"
      alt=""
      width={480}
      height={270}
      loading="lazy"
      decoding="async"
      sizes="(min-width: 1280px) 384px, (min-width: 640px) 50vw, 100vw"
      src={thumbnailUrl(cover, 480, updated_at)}
      srcSet={[480, 960].map((width) => `${thumbnailUrl(cover, width, updated_at)} ${width}w`).join(", ")}
    />
  );
}

/** The one thing that matters most about it now. */
function Status({ project }: { project: Project }) {
  const { id, segment_count: segments, picture_count: pictures } = project;
  if (project.status === "PROCESSING") return <Rendering id={id} />;
  if (project.status === "FAILED")
    return (
      <>
        <span className="chip bad">
          <TriangleAlert aria-hidden className="s" />
          Rendering stopped
        </span>
        <Link className="link" href={`/projects/${id}`}>
          See why
        </Link>
      </>
    );
  if (project.video) return <Made project={project} video={project.video} />;
  if (segments === 0) return <span className="text-ink-3 text-[13px]">No segments yet</span>;
  if (pictures < segments)
    return (
      <>
        <span className="bar" aria-hidden>
          <i style={{ width: `${(pictures / segments) * 100}%` }} />
        </span>
        <span className="text-ink-3 text-[13px] num">
          {pictures} of {plural(segments, "picture")}
        </span>
      </>
    );
  return (
    <span className="chip">
      <Check aria-hidden className="s" />
      Ready to render
    </span>
  );
}

function Rendering({ id }: { id: number }) {
  const { data } = useProjectStatus(id, true);
  return (
    <span className="chip on num">
      <span className="ring" aria-hidden />
      Rendering{data?.progress ? `, ${Math.round(data.progress.percentage)}%` : ""}
    </span>
  );
}

function Made({ project, video }: { project: Project; video: ProjectVideo }) {
  return (
    <>
      {video.is_current === false ? (
        <span className="chip warn">
          <Clock aria-hidden className="s" />
          Changed since the video
        </span>
      ) : (
        <span className="chip ok">
          <Check aria-hidden className="s" />
          Video ready
        </span>
      )}
      <Link className="link" href={`/projects/${project.id}/video`}>
        Watch
      </Link>
      {video.differs.length > 0 && <span className="differs">{video.differs.join(", ")}</span>}
    </>
  );
}

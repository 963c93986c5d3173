"""The render job: take a snapshot, narrate what it lacks, and render a video in each requested size."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from api.models import Project
from api.services.projects import project_group
from api.services.rows import project_row
from filming import render_snapshots
from filming.card_pictures import plain_text
from filming.film_settings import check_sizes, format_of
from filming.fingerprints import Entry, fingerprint
from filming.gaps import narrate_missing, narrating_share
from filming.interests import focused
from filming.machine_pace import note_drawing
from filming.models import Render
from filming.posters import make_poster
from filming.publishing import RenderedFilm, publish
from filming.scenes import short_hash, sides_of, stamp_of_file
from jobs.errors import AlreadyRunning, Stopped
from jobs.handlers import JobContext
from jobs.models import Job
from jobs.queue import active_job, submit
from media_store.layout import current_layout
from preferences.setting_values import effective_settings
from rendering.film import Film, Picture, Scene, Sound, SpokenWord
from rendering.renderer import Drawing, Progress, Rendered
from rendering.sound import duration_s

KIND = "render"


def start_render(
    project_id: int, *, is_draft: bool, by: str, fills_gaps: bool = False, sizes: list[str] | None = None
) -> tuple[Job, int]:
    """Take a snapshot and queue its rendering in ``sizes``, by default the size in the project's settings.

    With ``fills_gaps``, missing narrations are made first, and title cards replace missing pictures. Returns the job
    and the number of segments. Raises ``NotFound``, ``InvalidInput`` for the sizes, ``NotReady``, ``AlreadyRunning``,
    ``InvalidFormat``, ``VoiceSilent`` and the store's errors.
    """
    project_row(project_id)
    subject = project_group(project_id)
    wanted = [effective_settings(subject)["size"]] if sizes is None else check_sizes(sizes)
    if running := active_job(KIND, subject):
        raise AlreadyRunning(str(running.pk))
    job_id = uuid.uuid4()
    folder = render_snapshots.work_folder(str(job_id))
    segments = render_snapshots.take_snapshot(
        project_id, folder, sizes=wanted, is_draft=is_draft, fills_gaps=fills_gaps
    )
    payload = {"project": project_id, "segments": segments, "draft": is_draft, "sizes": wanted}
    try:
        with transaction.atomic():
            job = submit(KIND, subject, payload, by=by, job_id=job_id)
            _set_status(project_id, "PROCESSING")
    except BaseException:
        render_snapshots.delete_snapshot(folder)
        raise
    return job, segments


def run(job: JobContext) -> dict[str, Any]:
    """Job handler: narrate, render, publish. On any error, all earlier videos and finished sizes stay in place."""
    folder = render_snapshots.work_folder(job.id)
    plan = render_snapshots.read_snapshot(folder)
    states = _SizeStates(plan["sizes"])
    share = narrating_share(plan)
    begun = time.monotonic()
    narrate_missing(plan, folder, job, share, **states.details())
    narrating_s = time.monotonic() - begun
    scenes = _PlannedScenes(plan, folder)
    made: list[dict[str, Any]] = []
    with ExitStack() as stack:

        def begin(size: str) -> _SizeInWork:
            states.begin(size)
            in_work = _SizeInWork.begin(scenes, size, job, states.reporting(size, job, share))
            stack.enter_context(in_work.drawing)
            return in_work

        sizes = plan["sizes"]
        next_one = begin(sizes[0])
        for following in [*sizes[1:], None]:
            current = next_one
            current.drawing.wait()
            if job.is_stopped():
                raise Stopped
            try:
                if following:  # drawn while the current one is put together and published
                    next_one = begin(following)
            finally:  # whatever keeps the next one from being begun, this one is kept
                also_in_use = next_one.drawing.keys
                made.append(_finish(scenes, current, job, also_in_use=also_in_use, narrating_s=narrating_s))
                states.finish(current.size, made[-1]["render"])
    job.report("done", 100, 100, **states.details())
    return {**made[0], "renders": made}


class _SizeStates:
    """The state of each size, and the progress of the whole job, in which a frame counts by its pixels."""

    def __init__(self, sizes: list[str]) -> None:
        self._states: dict[str, dict[str, Any]] = {
            size: {"size": size, "state": "waiting", "render": None} for size in sizes
        }
        self._weights = {size: _pixels(size) for size in sizes}
        self._shares = dict.fromkeys(sizes, 0.0)
        self._newest = sizes[0]

    def begin(self, size: str) -> None:
        self._newest = size
        self._states[size]["state"] = "drawing"

    def finish(self, size: str, render_id: int) -> None:
        self._states[size] |= {"state": "done", "render": render_id}
        self._shares[size] = 1.0

    def details(self) -> dict[str, Any]:
        return {"size": self._newest, "sizes": [dict(state) for state in self._states.values()]}

    def reporting(self, size: str, job: JobContext, narrated: int) -> Callable[[Progress], None]:
        """Return a progress callback for the renderer; narration was the first ``narrated`` percent of the job.

        Of two sizes in work the one that is drawn is reported; the other one is being put together.
        """

        def report(progress: Progress) -> None:
            self._shares[size] = progress.done / max(1, progress.total)
            if size != self._newest:
                return
            done = sum(self._weights[one] * share for one, share in self._shares.items()) / sum(self._weights.values())
            job.report(
                progress.phase,
                int(done * (100 - narrated)) + narrated,
                100,
                current_segment=progress.segment,
                frames_done=progress.done,
                frames_total=progress.total,
                **self.details(),
            )

        return report


def _pixels(size: str) -> int:
    width, height = size.split("x")
    return int(width) * int(height)


class _PlannedScenes:
    """The scenes of a narrated snapshot for the renderer; each file is read once for all sizes."""

    def __init__(self, plan: dict[str, Any], folder: Path) -> None:
        self.plan, self.folder = plan, folder
        self._scenes = [_scene(scene, folder) for scene in plan["scenes"]]

    def film(self, size: str) -> Film:
        values = {**self.plan["settings"], "size": size}
        scenes = (
            focused(scene, facts["focus"][size], *sides_of(size), is_auto=values["motion"] == "auto")
            for scene, facts in zip(self._scenes, self.plan["scenes"], strict=True)
        )
        return Film(self.plan["title"], tuple(scenes), format_of(values, is_draft=self.plan["draft"]))

    def fingerprint(self, size: str) -> dict[str, Any]:
        plan = self.plan
        entries = (self._entry(scene, facts, size) for scene, facts in zip(self._scenes, plan["scenes"], strict=True))
        return fingerprint(plan["settings"], size, entries, fills_gaps=plan["fills"], is_draft=plan["draft"])

    def _entry(self, scene: Scene, facts: dict[str, Any], size: str) -> Entry:
        is_by_file = facts["spoken"] is None and scene.sound is not None
        return Entry(
            facts["id"],
            short_hash(facts["text"]),
            facts["look"][size],
            stamp_of_file(scene.picture.path) if scene.picture else None,
            scene.picture.digest[:12] if scene.picture else "",
            stamp_of_file(scene.sound.path) if is_by_file and scene.sound else None,
            scene.sound.digest[:12] if is_by_file and scene.sound else "",
            facts["spoken"][:12] if facts["spoken"] else None,
        )


@dataclass(frozen=True)
class _SizeInWork:
    """One size of the film, whose chunks are being drawn since ``begun`` (monotonic, in seconds)."""

    size: str
    film: Film
    drawing: Drawing
    begun: float

    @classmethod
    def begin(
        cls, scenes: _PlannedScenes, size: str, job: JobContext, report: Callable[[Progress], None]
    ) -> _SizeInWork:
        begun = time.monotonic()
        film = scenes.film(size)
        cache = current_layout().cache / "render"
        return cls(size, film, Drawing(film, cache, report=report, is_cancelled=job.is_stopped), begun)


def _finish(
    scenes: _PlannedScenes, in_work: _SizeInWork, job: JobContext, *, also_in_use: list[str], narrating_s: float
) -> dict[str, Any]:
    """Assemble and publish the drawn film. Returns the entry of this size in the job's result."""
    size, film = in_work.size, in_work.film
    out = scenes.folder / f"film-{size}.mp4"
    rendered = in_work.drawing.finish(out, also_in_use=also_in_use)
    took_s = time.monotonic() - in_work.begun
    note_drawing(rendered.drawn_frames, film.format.width, film.format.height, took_s)
    facts = {**_facts_of(scenes.plan, rendered), "narrating_s": round(narrating_s, 2)}
    made = RenderedFilm(scenes.plan["project"], film, rendered, size, job.id, scenes.fingerprint(size), facts, took_s)
    kept = publish(made, by=job.by)
    out.unlink(missing_ok=True)
    if size != scenes.plan["sizes"][-1]:
        # The poster of the last size is made after the job, so that nobody waits for it.
        make_poster(made.project_id, kept)
    shown = {name: facts[name] for name in ("cards", "silent", "notes")}
    return {"size": size, "render": kept, "chunks": rendered.chunks, "drawn": rendered.drawn, **shown}


def _facts_of(plan: dict[str, Any], rendered: Rendered) -> dict[str, Any]:
    return {
        "cards": [scene["id"] for scene in plan["scenes"] if not scene["picture"]],
        "silent": [scene["id"] for scene in plan["scenes"] if not scene["sound"]],
        "notes": list(rendered.notes),
        "cuts": list(rendered.cuts),
        "sound_sha256": rendered.sound_sha256,
    }


def _scene(scene: dict[str, Any], folder: Path) -> Scene:
    picture = folder / scene["picture"] if scene["picture"] else None
    sound = folder / scene["sound"] if scene["sound"] else None
    return Scene(
        str(scene["id"]),
        scene["text"],
        Picture(picture, _file_digest(picture)) if picture else None,
        Sound(sound, _file_digest(sound), round(duration_s(sound), 3)) if sound else None,
        tuple(SpokenWord(text, start, end) for text, start, end, *_ in scene["words"]),
        scene["motion"],
        scene["fit"],
        scene.get("pause_s"),
        "" if scene["words"] else plain_text(scene["text"]),
    )


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def on_finished(job: Job) -> None:
    """Delete the snapshot and set the project's status, whatever the outcome of the job."""
    render_snapshots.delete_snapshot(render_snapshots.work_folder(str(job.pk)))
    has_video = Render.objects.filter(project_id=job.payload["project"]).exists()
    ended = {Job.Status.DONE: "COMPLETED", Job.Status.FAILED: "FAILED"}.get(Job.Status(job.status))
    _set_status(job.payload["project"], ended or ("COMPLETED" if has_video else "DRAFT"))
    if job.status == Job.Status.DONE and job.result.get("renders"):
        make_poster(job.payload["project"], job.result["renders"][-1]["render"])


def _set_status(project_id: int, status: str) -> None:
    Project.objects.filter(pk=project_id).update(status=status)

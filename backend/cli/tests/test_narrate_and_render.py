"""`storyflow narrate` and `storyflow render`, with a running worker and without one."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import av
import pytest

from cli.tests.terminal import Terminal, a_folder, a_story

SMALL = {"size": "160x90", "fps": 10, "transition_s": 0.4, "silent_scene_s": 2}
CHOOSE = """
import django
django.setup()
from filming.film_settings import check_together
from preferences.setting_values import update_settings
update_settings({values!r}, check_all=check_together)
"""
A_JOB = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from jobs.models import Job
Job.objects.create(kind={kind!r}, subject="projects/1", status={status!r}, owner="elsewhere:1:1",
    payload={{"project": 1, "segments": 3, "draft": False}}, lease_until=timezone.now() + timedelta(hours=1))
"""


@pytest.fixture
def story(terminal: Terminal, tmp_path: Path) -> Terminal:
    """Return a terminal with project 1 and its segments 1 to 3. Segments 1 and 2 have pictures; videos are small."""
    pictures = a_folder(tmp_path, "1.jpg", "2.jpg")
    assert terminal.run("import", a_story(tmp_path), "--images", pictures).code == 0
    choose(terminal, SMALL)
    return terminal


def choose(terminal: Terminal, values: dict[str, Any]) -> None:
    terminal.python(CHOOSE.format(values=values))


def jobs(terminal: Terminal) -> list[tuple[str, str]]:
    return terminal.rows("SELECT kind, status FROM jobs_job ORDER BY created_at")


def left_over(terminal: Terminal) -> list[Path]:
    private = terminal.data / "media" / ".sf"
    return [*(private / "work").glob("*"), *(private / "in").glob("*")]


def videos(terminal: Terminal) -> list[Path]:
    return sorted((terminal.data / "media").glob("projects/*/output/*.mp4"))


def test_without_a_server_it_narrates_what_needs_it_here(story: Terminal) -> None:
    ran = story.run("narrate", "1", "--json")

    assert (ran.code, ran.errors) == (0, "")
    assert ran.answer["project"] == 1
    assert sorted(entry["segment_id"] for entry in ran.answer["narrated"]) == [1, 2, 3]
    assert ran.answer["errors"] == []
    (length,) = story.rows("SELECT count(*) FROM api_segment WHERE audio_duration > 0.3")
    assert length == (3,)
    assert story.run("narrate", "1").output == "0 segments narrated, 0.0 s.\n"
    assert len(story.run("narrate", "1", "--force", "--json").answer["narrated"]) == 3


def test_one_segment_can_be_named_and_has_to_be_the_project_s(story: Terminal, tmp_path: Path) -> None:
    story.run("import", a_story(tmp_path))
    assert story.run("narrate", "1", "--segment", "2").output.startswith("1 segment narrated, ")
    ran = story.run("narrate", "1", "--segment", "4")
    assert (ran.code, ran.errors) == (1, "storyflow: Segment 4 is not one of project 1.\n")


def test_a_segment_of_signs_is_named_and_the_others_are_narrated(story: Terminal) -> None:
    story.python(
        "import django\ndjango.setup()\nfrom api.models import Segment\n"
        "Segment.objects.filter(pk=2).update(text_content='🎉')"
    )
    ran = story.run("narrate", "1")
    assert (ran.code, ran.output.split(",")[0]) == (1, "2 segments narrated")
    assert ran.errors == "  Segment 2: There is nothing in this text that can be spoken.\n"


def test_it_renders_what_is_not_ready_with_cards_and_narrations(story: Terminal, tmp_path: Path) -> None:
    ran = story.run("render", "1", "-o", tmp_path / "copy.mp4", "--json")

    assert (ran.code, ran.errors) == (0, "  Segment 3 has no picture; it got a title card.\n")
    answer = ran.answer
    assert (answer["project"], answer["cards"], answer["silent"]) == (1, [3], [])
    assert (answer["width"], answer["height"], answer["copy"]) == (160, 90, str(tmp_path / "copy.mp4"))
    assert videos(story) == [Path(answer["file"])]
    assert Path(answer["copy"]).read_bytes() == Path(answer["file"]).read_bytes()
    assert "Words 1." in (tmp_path / "copy.srt").read_text()
    with av.open(answer["copy"]) as container:
        assert sum(1 for _ in container.decode(video=0)) == answer["frames"]
    assert left_over(story) == []
    assert story.rows("SELECT count(*) FROM api_segment WHERE audio_duration > 0.3") == [(3,)]


def test_rendering_again_draws_nothing_and_a_draft_is_another_video(story: Terminal) -> None:
    first = story.run("render", "1", "--json").answer
    again = story.run("render", "1", "--json").answer
    assert (again["id"], again["drawn"]) == (first["id"], 0)
    draft = story.run("render", "1", "--draft", "--json").answer
    assert (draft["width"], draft["is_draft"]) == (80, True)
    assert len(videos(story)) == 2


def test_several_sizes_are_made_in_one_go_and_copied_each_by_its_name(story: Terminal, tmp_path: Path) -> None:
    ran = story.run("render", "1", "--size", "160x90", "--size", "90x160", "-o", tmp_path / "film.mp4", "--json")

    assert (ran.code, ran.errors) == (0, "  Segment 3 has no picture; it got a title card.\n")
    wide, tall = ran.answer["renders"]
    assert [(it["size"], it["is_current"], it["copy"]) for it in (wide, tall)] == [
        ("160x90", True, str(tmp_path / "film-160x90.mp4")),
        ("90x160", True, str(tmp_path / "film-90x160.mp4")),
    ]
    assert (wide["frames"], wide["batch"]) == (tall["frames"], tall["batch"])
    assert ran.answer["id"] == wide["id"]
    assert all(Path(it["copy"]).read_bytes() == Path(it["file"]).read_bytes() for it in (wide, tall))
    assert len(videos(story)) == 2
    assert jobs(story) == [("render", "done")]
    assert story.rows("SELECT value FROM preferences_choice WHERE name = 'size'") == [('"160x90"',)]
    said = story.run("render", "1", "--size", "90x160", "--size", "128x128", "--draft").output
    assert [line.count("min, ") for line in said.splitlines()] == [1, 1]


def test_without_filling_what_is_missing_is_refused_and_named(story: Terminal) -> None:
    ran = story.run("render", "1", "--no-fill")
    assert (ran.code, ran.output) == (1, "")
    assert "Project not ready for rendering" in ran.errors
    assert "missing_images: 3" in ran.errors
    assert jobs(story) == []


@pytest.mark.parametrize("sizes", [["161x90"], ["x"], ["160x90", "160x90"]])
def test_sizes_that_cannot_be_are_refused_before_anything_is_rendered(sizes: list[str], story: Terminal) -> None:
    ran = story.run("render", "1", *(part for size in sizes for part in ("--size", size)))
    assert (ran.code, ran.output) == (1, "")
    assert ran.errors.startswith("storyflow: ")
    assert jobs(story) == []


@pytest.mark.parametrize("command", ["narrate", "render"])
def test_a_project_that_is_not_there_is_a_sentence(command: str, story: Terminal) -> None:
    ran = story.run(command, "9")
    assert (ran.code, ran.output, ran.errors) == (1, "", "storyflow: There is no such project.\n")


@pytest.mark.parametrize("command", ["narrate", "render"])
def test_what_somebody_is_doing_is_not_done_twice(command: str, story: Terminal) -> None:
    story.python(A_JOB.format(kind=command, status="running"))
    ran = story.run(command, "1")
    assert (ran.code, ran.output) == (1, "")
    assert ran.errors.startswith("storyflow: This is already being done.")
    assert jobs(story) == [(command, "running")]


@pytest.mark.parametrize("command", ["narrate", "render"])
def test_what_a_server_that_is_gone_left_waiting_makes_room(command: str, story: Terminal) -> None:
    story.python(A_JOB.format(kind=command, status="queued"))
    assert story.run(command, "1").code == 0
    assert jobs(story) == [(command, "cancelled"), (command, "done")]


def test_a_worker_beside_does_the_work(story: Terminal) -> None:
    with story.started("work") as worker:
        assert story.run("narrate", "1").code == 0
        ((owner,),) = story.rows("SELECT owner FROM jobs_job")
        assert int(owner.split(":")[1]) == worker.process.pid
        worker.ended(signal.SIGTERM)


def test_work_of_a_worker_that_is_killed_is_finished_here(story: Terminal) -> None:
    choose(story, {"size": "1280x720", "fps": 60, "silent_scene_s": 5})
    story.python(
        "import django\ndjango.setup()\nfrom api.models import Segment\nSegment.objects.update(text_content='🎉')"
    )
    with story.started("work") as worker, story.started("render", "1", "--json") as rendering:
        rendering.until(lambda: is_owned_by(story, worker.process.pid) and is_drawing(story))
        worker.process.kill()
        worker.process.wait()
        ran = rendering.ended()
    assert ran.code == 0, ran.errors
    assert is_owned_by(story, rendering.process.pid)
    assert videos(story)


def is_owned_by(terminal: Terminal, process: int) -> bool:
    return terminal.rows(f"SELECT 1 FROM jobs_job WHERE owner LIKE '%:{process}:%'") == [(1,)]


def is_drawing(terminal: Terminal) -> bool:
    return any((terminal.data / "media" / ".sf" / "cache" / "render").glob("*/*.chunk"))


def test_ctrl_c_calls_it_off_and_leaves_the_video_before(story: Terminal) -> None:
    story.run("render", "1")
    before = {path: path.read_bytes() for path in videos(story)}
    choose(story, {"size": "1280x720", "fps": 60, "silent_scene_s": 60})
    story.python(
        "import django\ndjango.setup()\nfrom api.models import Segment\nSegment.objects.update(text_content='🎉')"
    )
    drawn = len(list((story.data / "media" / ".sf" / "cache" / "render").glob("*/*.chunk")))
    with story.started("render", "1") as rendering:
        rendering.until(
            lambda: len(list((story.data / "media" / ".sf" / "cache" / "render").glob("*/*.chunk"))) > drawn
        )
        ran = rendering.ended(signal.SIGINT)
    assert (ran.code, ran.output, ran.errors) == (130, "", "Stopped.\n")
    assert {path: path.read_bytes() for path in videos(story)} == before
    assert left_over(story) == []
    assert jobs(story)[-1] == ("render", "cancelled")
    assert story.rows("SELECT status FROM api_project") == [("COMPLETED",)]


def test_a_copy_that_cannot_be_written_is_refused_before_anything_is_rendered(story: Terminal, tmp_path: Path) -> None:
    ran = story.run("render", "1", "-o", tmp_path / "nowhere" / "film.mp4")
    assert (ran.code, ran.output) == (1, "")
    assert "There is no folder" in ran.errors
    assert jobs(story) == []


def test_a_failure_of_the_work_is_the_sentence_of_the_work(story: Terminal) -> None:
    story.python(
        "import django\ndjango.setup()\nfrom api.models import Segment\n"
        "Segment.objects.filter(pk=1).update(text_content='むかしむかし')"
    )
    ran = story.run("render", "1")
    assert (ran.code, ran.output) == (1, "")
    assert "The subtitle font has no letters" in ran.errors
    assert left_over(story) == []
    assert videos(story) == []

"""`storyflow make`: a story file becomes a video file, without a server or a project."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from cli.tests.terminal import BACKEND, Ran, Terminal, a_story
from proof.disks.mounts import PRIVATE, reason_why_not

SMALL = ("--size", "160x90", "--fps", "10", "--transition-s", "0.4")
COLOURS = {"1": (0, 128, 128), "2": (128, 0, 0), "3": (128, 128, 0)}
# Minutes of drawing and no narrating: time enough to interrupt it.
LONG = ("--size", "1280x720", "--fps", "60", "--silent-scene-s", "60")


class Film(Terminal):
    """A terminal in ``folder`` with a story, its pictures, and the path of its video."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "data")
        self.folder, self.out = folder, folder / "film.mp4"
        self.story = a_story(folder)
        pictures = folder / "pictures"
        pictures.mkdir()
        for name, colour in COLOURS.items():
            Image.new("RGB", (240, 135), colour).save(pictures / f"{name}.png")

    def make(self, *options: str | Path, **environment: str) -> Ran:
        small = SMALL[2:] if "--size" in options else SMALL
        return self.run("make", self.story, "-o", self.out, *small, *options, **environment)

    def left_over(self) -> list[str]:
        """Return the temporary files beside the video and in its working folder."""
        worked_in = self.data / "media" / ".sf" / "cache" / "make"
        return [
            *(path.name for path in self.folder.iterdir() if path.name.endswith(".part")),
            *(path.name for path in worked_in.glob("*") if path.suffix != ".lock"),
        ]

    def is_drawing(self) -> bool:
        return any((self.data / "media" / ".sf" / "cache" / "render").glob("*/*.chunk"))

    def write(self, *texts: str) -> None:
        self.story.write_text("\n---\n".join(f"Text: {text}" for text in texts))


@pytest.fixture
def film(tmp_path: Path) -> Film:
    return Film(tmp_path)


def frames_of(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def middle(frame: np.ndarray) -> list[float]:
    """Return the mean colour of the area without subtitles."""
    return [round(value) for value in frame[: len(frame) // 2].reshape(-1, 3).mean(axis=0)]


def test_a_story_becomes_a_video_with_its_pictures_and_subtitles(film: Film) -> None:
    ran = film.make("--json")

    assert (ran.code, ran.errors) == (0, "")
    made = ran.answer
    frames = frames_of(film.out)
    assert (len(frames), frames[0].shape) == (made["frames"], (90, 160, 3))
    for frame, colour in ((frames[0], COLOURS["1"]), (frames[-1], COLOURS["3"])):
        assert np.abs(np.subtract(middle(frame), colour)).max() < 12
    assert "Words 1." in Path(made["srt"]).read_text()
    assert Path(made["vtt"]).read_text().startswith("WEBVTT")


def test_the_json_answer_is_complete(film: Film) -> None:
    made: dict[str, Any] = film.make("--json", "--title", "Told").answer

    assert made.pop("duration_s") == pytest.approx(made["frames"] / 10)
    assert made.pop("size_bytes") == film.out.stat().st_size
    assert made.pop("chunks") == made.pop("drawn") > 3
    assert made.pop("drawn_frames") == made.pop("frames") > 30
    assert all(-16.6 < level < -15.4 for level in made.pop("loudness_lufs"))
    assert [it["file"] for it in made.pop("renders")] == [str(film.out)]
    assert made == {
        "file": str(film.out),
        "srt": str(film.out.with_suffix(".srt")),
        "vtt": str(film.out.with_suffix(".vtt")),
        "title": "Told",
        "segments": 3,
        "width": 160,
        "height": 90,
        "fps": 10,
        "is_draft": False,
        "cards": [],
        "silent": [],
        "notes": [],
        "unmatched": [],
    }


def test_several_sizes_are_narrated_once_and_have_their_size_in_their_names(film: Film) -> None:
    ran = film.make("--size", "160x90", "--size", "90x160", "--json")

    assert (ran.code, ran.errors) == (0, "")
    wide, tall = ran.answer["renders"]
    assert (wide["file"], tall["file"]) == tuple(str(film.folder / f"film-{size}.mp4") for size in ("160x90", "90x160"))
    assert (tall["width"], tall["height"], tall["frames"]) == (90, 160, wide["frames"])
    assert [frames_of(Path(it["file"]))[0].shape for it in (wide, tall)] == [(90, 160, 3), (160, 90, 3)]
    assert sound_of(wide["file"]) == sound_of(tall["file"])
    assert not film.out.exists()
    assert film.left_over() == []
    assert "film-90x160.mp4" in film.make("--size", "160x90", "--size", "90x160").output.splitlines()[1]


def sound_of(path: str) -> list[bytes]:
    with av.open(path) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]


@pytest.mark.parametrize("sizes", [["160x90", "160x90"], ["160x90", "90x161"], [f"{100 + 2 * n}x90" for n in range(7)]])
def test_sizes_that_cannot_be_made_together_are_refused_at_once(sizes: list[str], film: Film) -> None:
    ran = film.make(*(part for size in sizes for part in ("--size", size)))
    assert (ran.code, ran.output) == (1, "")
    assert "size" in ran.errors
    assert not film.is_drawing()


def test_it_touches_no_database(film: Film) -> None:
    assert film.make().code == 0
    assert not (film.data / "db.sqlite3").exists()
    assert [path.name for path in (film.data / "media").iterdir()] == [".sf"]
    assert film.left_over() == []


def test_a_data_folder_that_only_make_has_used_starts_as_a_new_one(film: Film) -> None:
    film.make()
    assert film.run("doctor").code == 0


def test_a_second_run_draws_nothing_and_writes_the_same_bytes(film: Film) -> None:
    film.make()
    before = film.out.read_bytes()

    again = film.make("--json").answer

    assert (again["drawn"], again["drawn_frames"]) == (0, 0)
    assert film.out.read_bytes() == before


def test_an_edited_segment_is_all_that_is_drawn_anew(film: Film) -> None:
    first = film.make("--json").answer
    film.write("Words 1.", "Words 2.", "Other words.")
    again = film.make("--json").answer
    assert 0 < again["drawn"] < first["drawn"]


def test_without_a_name_the_video_has_the_story_s_in_this_folder(film: Film) -> None:
    # Commands of the tests run in the backend's folder; here they must not.
    process = subprocess.run(
        [sys.executable, "-m", "cli.main", "make", str(film.story), *SMALL],
        env=film.environment(PYTHONPATH=str(BACKEND)),
        cwd=film.folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert process.returncode == 0, process.stderr
    assert len(frames_of(film.folder / "story.mp4")) > 30
    assert "story.mp4: “story”" in process.stdout


def test_progress_is_drawn_for_a_terminal_and_for_nobody_else(film: Film) -> None:
    shown, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "make", str(film.story), "-o", str(film.out), *SMALL, "--json"],
        env=film.environment(TERM="xterm"),
        cwd=BACKEND,
        stdout=subprocess.PIPE,
        stderr=terminal,
    )
    os.close(terminal)
    seen = b""
    with contextlib.suppress(OSError):  # Linux ends a terminal whose other side is closed like this
        while piece := os.read(shown, 4096):
            seen += piece
    os.close(shown)
    output, _ = process.communicate(timeout=120)
    assert json.loads(output)["frames"] > 30
    assert b"Narrating" in seen
    assert b"%" in seen


def test_markdown_and_json_are_stories_too(film: Film) -> None:
    (film.folder / "tale.md").write_text("# A Tale\nText: One.")
    (film.folder / "tale.json").write_text('{"title": "Another", "segments": [{"text_content": "One."}]}')
    for name, title in (("tale.md", "A Tale"), ("tale.json", "Another")):
        made = film.run("make", film.folder / name, "-o", film.out, *SMALL, "--json").answer
        assert made["title"] == title


def test_a_draft_has_half_the_sides_and_fewer_bytes(film: Film) -> None:
    photo = next((BACKEND.parent / "examples").glob("*/pictures/1-*.jpg"))
    film.write("One word.")
    for path in (film.folder / "pictures").iterdir():
        path.unlink()
    shutil.copy(photo, film.folder / "pictures" / "1.jpg")
    whole = film.make("--size", "640x360", "--json").answer
    draft = film.make("--size", "640x360", "--draft", "--json").answer
    assert (draft["width"], draft["height"], draft["is_draft"]) == (320, 180, True)
    assert draft["size_bytes"] < whole["size_bytes"]


def test_options_reach_the_film(film: Film) -> None:
    made = film.make("--size", "90x160", "--fps", "12", "--no-subtitles", "--speed", "1.5", "--json").answer
    assert (made["width"], made["height"], made["fps"], made["srt"]) == (90, 160, 12, None)
    assert made["duration_s"] < film.make("--fps", "12", "--json").answer["duration_s"]


def test_a_segment_without_a_picture_gets_a_title_card_and_a_remark(film: Film) -> None:
    (film.folder / "pictures" / "2.png").unlink()
    ran = film.make("--json")
    assert (ran.code, ran.answer["cards"]) == (0, [2])
    assert "Segment 2 has no picture; it got a title card." in ran.errors


def test_a_segment_of_signs_alone_is_silent_and_named(film: Film) -> None:
    film.write("Words.", "🎉 🎉", "[pause 2s]")
    ran = film.make("--silent-scene-s", "1", "--json")
    assert (ran.code, ran.answer["silent"]) == (0, [2, 3])
    assert "Segment 2 has nothing that can be spoken; it is silent." in ran.errors


def test_a_picture_of_one_pixel_is_a_picture(film: Film) -> None:
    Image.new("RGB", (1, 1), (200, 30, 30)).save(film.folder / "pictures" / "1.png")
    assert film.make().code == 0
    assert np.abs(np.subtract(middle(frames_of(film.out)[0]), (200, 30, 30))).max() < 12


@pytest.fixture
def filmed(film: Film) -> Film:
    """Return a film with an existing video, which no failure may change."""
    film.out.write_bytes(b"the video before")
    return film


def refused(film: Film, ran: Ran) -> str:
    assert (ran.code, ran.output) == (1, "")
    assert film.out.read_bytes() == b"the video before"
    assert film.left_over() == []
    return ran.errors


def test_pictures_that_cannot_be_used_are_all_named(filmed: Film) -> None:
    pictures = filmed.folder / "pictures"
    (pictures / "1.png").write_bytes((pictures / "1.png").read_bytes()[:60])
    (pictures / "3.png").write_text("no picture")
    said = refused(filmed, filmed.make())
    assert "storyflow: Some pictures cannot be used." in said
    assert "1.png: The picture is cut off" in said
    assert "3.png: This file is no picture that is known here, although it is named .png" in said


def test_a_picture_that_is_a_broken_link_is_passed_over_like_no_picture(film: Film) -> None:
    (film.folder / "pictures" / "2.png").unlink()
    (film.folder / "pictures" / "2.png").symlink_to("nowhere")
    assert film.make("--json").answer["cards"] == [2]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "At least one segment is required"),
        ("---\n---\n", "At least one segment is required"),
        ("Text: One.\n---\nText:\n", "Block 2 has nothing after its Text: line"),
    ],
)
def test_a_story_without_a_word_is_refused(content: str, said: str, filmed: Film) -> None:
    filmed.story.write_text(content)
    assert said in refused(filmed, filmed.make())


def test_a_text_too_long_for_a_segment_is_refused_by_its_number_before_anything_is_narrated(filmed: Film) -> None:
    filmed.write("Short.", "Long. " * 16_667)
    assert "Segment 2 has 100,001 characters; one can have 20,000." in refused(filmed, filmed.make())
    assert not (filmed.data / "media" / ".sf" / "cache" / "speech").exists()


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--voice", "nobody", "There are: heart, "),
        ("--size", "1921x1080", "size: The width must be an even number"),
        ("--size", "large", "size: It must be a width and a height in pixels, such as 1920x1080."),
        ("--font", str(BACKEND.parent / "README.md"), "The font file README.md cannot be read."),
    ],
)
def test_a_choice_that_cannot_be_used_is_refused_with_what_can(
    option: str, value: str, said: str, filmed: Film
) -> None:
    assert said in refused(filmed, filmed.make(option, value))


@pytest.mark.parametrize("option", ["--fps=29", "--speed=9", "--motion=spin", "--images=missing"])
def test_a_choice_outside_its_list_is_a_wrong_command_line(option: str, filmed: Film) -> None:
    ran = filmed.make(option)
    assert ran.code == 2
    assert option.partition("=")[0] in ran.errors


def test_letters_the_font_does_not_have_are_named_before_anything_is_narrated(filmed: Film) -> None:
    filmed.write("むかしむかし")
    assert "The subtitle font has no letters" in refused(filmed, filmed.make())
    assert not (filmed.data / "media" / ".sf" / "cache" / "speech").exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("film.avi", "a name that ends in .mp4"),
        ("nowhere/film.mp4", "There is no folder"),
        ("folder.mp4", "is a folder"),
        ("x" * 250 + ".mp4", "too long"),
    ],
)
def test_a_place_no_video_can_go_to_is_refused_at_once(name: str, said: str, film: Film) -> None:
    (film.folder / "folder.mp4").mkdir()
    ran = film.run("make", film.story, "-o", film.folder / name, *SMALL)
    assert (ran.code, ran.output) == (1, "")
    assert said in ran.errors
    assert not film.is_drawing()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_an_end_in_the_middle_leaves_the_video_before_and_nothing_half_written(
    sent: signal.Signals, filmed: Film
) -> None:
    filmed.write("🎉", "🎉", "🎉")
    with filmed.started("make", filmed.story, "-o", filmed.out, *LONG) as making:
        making.until(filmed.is_drawing)
        ran = making.ended(sent)
    assert (ran.code, ran.output, ran.errors) == (130, "", "Stopped.\n")
    assert filmed.out.read_bytes() == b"the video before"
    assert filmed.left_over() == []


def test_a_second_one_for_the_same_video_is_refused_while_the_first_goes_on(filmed: Film) -> None:
    filmed.write("🎉", "🎉", "🎉")
    with filmed.started("make", filmed.story, "-o", filmed.out, *LONG) as first:
        first.until(filmed.is_drawing)
        second = filmed.make()
        assert (second.code, second.output) == (1, "")
        assert f"{filmed.out} is being made right now" in second.errors
        assert first.process.poll() is None
        assert first.ended(signal.SIGINT).code == 130
    assert filmed.make("--silent-scene-s", "1").code == 0


def test_two_at_once_share_the_cache_and_make_the_same_film(film: Film) -> None:
    other = film.folder / "other.mp4"
    with film.started("make", film.story, "-o", other, *SMALL) as beside:
        assert film.make().code == 0
        assert beside.ended().code == 0
    assert other.read_bytes() == film.out.read_bytes()


def test_what_a_killed_one_left_is_taken_away_but_not_what_another_writes(film: Film) -> None:
    with film.started("voices") as gone:
        gone.ended()
    left, others = (film.folder / f".film.mp4.{number}.part" for number in (gone.process.pid, os.getpid()))
    left.touch()
    others.touch()
    assert film.make().code == 0
    assert film.left_over() == [others.name]


FULL = """
mount -t tmpfs -o size="$1" storyflow-test "$2" && shift 2
printf 'the video before' > "$OUT"
"$@" && echo "it was made"
echo "left: $(ls -A "$(dirname "$OUT")") $(cat "$OUT")"
"""


@pytest.mark.parametrize("which", ["video", "data"])
def test_a_full_disk_is_a_sentence_and_leaves_the_video_before(which: str, film: Film) -> None:
    if reason := reason_why_not():
        pytest.skip(reason)
    noise = np.random.default_rng(1).integers(0, 255, (270, 480, 3), dtype=np.uint8)
    Image.fromarray(noise).save(film.folder / "pictures" / "1.png")
    (film.folder / "out").mkdir()
    film.data.mkdir()
    out = film.folder / "out" / "film.mp4"
    full, size = {"video": (film.folder / "out", "64k"), "data": (film.data, "1m")}[which]
    options = ["-o", str(out), *SMALL[2:], "--size", "480x270"]
    command = [sys.executable, "-m", "cli.main", "make", str(film.story), *options]
    process = subprocess.run(
        [*PRIVATE, "sh", "-c", FULL, "sh", size, str(full), *command],
        env=film.environment(OUT=str(out)),
        cwd=BACKEND,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert process.stdout == "left: film.mp4 the video before\n", process.stdout
    assert process.stderr.startswith("storyflow: The disk is full."), process.stderr
    assert "Traceback" not in process.stderr

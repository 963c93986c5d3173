"""`storyflow voices`: listing voices and writing samples."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from cli.tests.terminal import Terminal


def test_the_table_begins_with_the_default_and_says_who_can_speak(terminal: Terminal) -> None:
    lines = terminal.run("voices").output.splitlines()
    assert lines[0].split() == ["id", "name", "language", "gender", "engine", "can", "speak"]
    assert lines[1].split() == ["heart", "Heart", "en-US", "female", "hibari", "yes"]


def test_a_voice_that_lacks_something_says_what(terminal: Terminal) -> None:
    rows = {row["id"]: row for row in terminal.run("voices", "--json").answer}
    known = {"id", "name", "engine", "language", "gender", "available", "missing", "remote", "pace"}
    assert set(rows["heart"]) == known
    for row in rows.values():
        assert row["available"] is (row["missing"] is None)


def test_the_speech_server_s_voices_are_among_them(terminal: Terminal) -> None:
    ran = terminal.run("voices", "--json", STORYFLOW_SPEECH_URL="http://127.0.0.1:9", STORYFLOW_SPEECH_VOICES="echo")
    assert any("echo" in row["id"] for row in ran.answer)


def test_a_sample_is_a_sound_file(terminal: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "heart.flac"
    ran = terminal.run("voices", "--sample", "heart", "-o", out, "--json")
    assert (ran.code, ran.answer["voice"], ran.answer["file"]) == (0, "heart", str(out))
    with av.open(str(out)) as container:
        assert container.duration / av.time_base == pytest.approx(ran.answer["duration_s"], abs=0.05)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--sample", "nobody"], 1, "There are: heart, "),
        (["--sample", "heart", "-o", "heart.mp3"], 1, "a name that ends in .flac"),
        (["-o", "heart.flac"], 2, "--sample"),
    ],
)
def test_what_cannot_be_sampled_is_refused(arguments: list[str], code: int, said: str, terminal: Terminal) -> None:
    ran = terminal.run("voices", *arguments)
    assert (ran.code, ran.output) == (code, "")
    assert said in ran.errors

"""`storyflow import` with typical stories and picture folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli.tests.terminal import BACKEND, Terminal, a_folder, a_story

EXAMPLE = BACKEND.parent / "examples" / "half-a-fig"


def test_the_example_comes_in_with_its_pictures_byte_for_byte(terminal: Terminal) -> None:
    ran = terminal.run("import", EXAMPLE / "story.txt", "--images", EXAMPLE / "pictures")

    assert (ran.code, ran.errors.strip()) == (0, "")
    assert ran.output == "Imported “Half a Fig” as project 1: 7 segments, 7 pictures.\n"
    assert terminal.pictures() == [path.read_bytes() for path in sorted(EXAMPLE.glob("pictures/*.jpg"))]


def test_the_json_form_is_the_same_story(terminal: Terminal) -> None:
    for form in ("story.txt", "story.json"):
        assert terminal.run("import", EXAMPLE / form).code == 0

    texts = "SELECT sequence_index, text_content, image_prompt FROM api_segment WHERE project_id = {} ORDER BY 1"
    assert terminal.projects() == ["Half a Fig", "Half a Fig"]
    assert terminal.rows(texts.format(1)) == terminal.rows(texts.format(2))


def test_the_json_answer_is_complete(terminal: Terminal, tmp_path: Path) -> None:
    pictures = a_folder(tmp_path, "1.jpg", "2.jpg")

    ran = terminal.run("import", a_story(tmp_path), "--images", pictures, "--title", "Told", "--json")

    assert (ran.code, ran.errors) == (0, "")
    assert ran.answer == {
        "project": 1,
        "title": "Told",
        "segments": 3,
        "attached": ["1.jpg", "2.jpg"],
        "unmatched": [],
        "failed": {},
    }


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("headed.txt", "\n# The Heading\nText: One.", "The Heading"),
        ("named.json", '{"title": "In JSON", "segments": [{"text_content": "One."}]}', "In JSON"),
        ("Ö 東 “x” [red].json", '{"segments": [{"text_content": "One."}]}', "Ö 東 “x” [red]"),
    ],
)
def test_without_a_title_the_file_names_its_story(
    name: str, content: str, title: str, terminal: Terminal, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(content)

    terminal.run("import", path)

    assert terminal.projects() == [title]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_a_story_in_any_encoding_that_people_save_text_in_comes_in_whole(
    encoding: str, terminal: Terminal, tmp_path: Path
) -> None:
    path = tmp_path / "story.txt"
    path.write_bytes("# Größe\r\nText: Café – “naïve”.\r\n---\r\nText: Ça va?".encode(encoding))

    assert terminal.run("import", path).code == 0

    assert terminal.projects() == ["Größe"]
    assert terminal.rows("SELECT text_content FROM api_segment ORDER BY sequence_index") == [
        ("Café – “naïve”.",),
        ("Ça va?",),
    ]


def test_names_on_disk_that_are_no_text_are_read_and_nothing_else_is_lost(terminal: Terminal, tmp_path: Path) -> None:
    pictures = a_folder(tmp_path, "1.jpg", "2.jpg", "3.jpg")
    os.rename(pictures / "2.jpg", os.fsencode(pictures) + b"/2-M\xfcller.jpg")
    story = os.fsencode(tmp_path) + b"/M\xfcller.txt"
    with open(story, "wb") as file:
        file.write(b"Text: One.\n---\nText: Two.\n---\nText: Three.")

    ran = terminal.run("import", os.fsdecode(story), "--images", pictures, "--json")

    assert (ran.code, ran.errors) == (0, "")
    assert ran.answer["title"] == "Müller"
    assert ran.answer["attached"] == ["1.jpg", "2-Müller.jpg", "3.jpg"]
    assert len(terminal.pictures()) == 3


def test_pictures_of_a_folder_may_have_the_other_endings_of_a_jpeg(terminal: Terminal, tmp_path: Path) -> None:
    pictures = a_folder(tmp_path, "1.jpg", "2.jpg", "3.jpg")
    (pictures / "1.jpg").rename(pictures / "1.JFIF")
    (pictures / "3.jpg").rename(pictures / "3.jpg ")

    ran = terminal.run("import", a_story(tmp_path), "--images", pictures, "--json")

    assert (ran.code, ran.answer["attached"]) == (0, ["1.JFIF", "2.jpg", "3.jpg "])


def test_a_path_that_is_no_text_can_be_named_in_a_refusal(terminal: Terminal, tmp_path: Path) -> None:
    story = os.fsencode(tmp_path) + b"/M\xfcller.txt"
    with open(story, "wb") as file:
        file.write(b"\xcf\xf0\xe8\xe2\xe5\xf2")

    for command in (("import",), ("make",)):
        ran = terminal.run(*command, os.fsdecode(story))
        assert ran.code != 0
        assert "is not text in UTF-8" in ran.errors
        assert "Traceback" not in ran.errors


def test_prose_is_refused_with_how_a_story_is_written(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "prose.md"
    path.write_text("It was dark.\n\nShe left.\n")

    for command in ("import", "make"):
        ran = terminal.run(command, path)
        assert ran.code == 1
        assert "Write each segment as a line “Text: what is narrated”" in ran.errors


UNUSABLE = {
    "a block without narration": ("story.txt", b"Text: One.\n---\nNo prefix here.\n---\nText: Three.", "Block 2"),
    "an item without narration": ("story.json", b'{"segments": [{"text_content": "One."}, {}]}', "Segment 2"),
    "no UTF-8": ("story.txt", b"Text: \xcf\xf0\xe8\xe2\xe5\xf2", "is not text in UTF-8"),
    "half of a JSON": ("story.json", b'{"segments": [', "is not valid JSON"),
    "a JSON list": ("story.json", b"[1]", "must hold a JSON object"),
    "more than a story": ("story.txt", b"Text: " + b"a" * (11 * 1024 * 1024), "Stories up to 10 MB"),
}


@pytest.mark.parametrize(("name", "content", "said"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_story_with_a_problem_is_refused_whole(
    name: str, content: bytes, said: str, terminal: Terminal, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    ran = terminal.run("import", path, "--images", a_folder(tmp_path, "1.jpg"))

    assert (ran.code, ran.output) == (1, "")
    assert ran.errors.startswith("storyflow: ")
    assert said in ran.errors
    assert terminal.projects() == []
    assert not (terminal.data / "media" / "projects").exists()


def test_a_title_that_is_too_long_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    ran = terminal.run("import", a_story(tmp_path), "--title", "x" * 201)
    assert ran.code == 1
    assert "title: Ensure this field has no more than 200 characters." in ran.errors
    assert terminal.projects() == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "."], "'.' is a directory"),
        (["import", "missing.txt"], "'missing.txt' does not exist"),
        (["import", __file__, "--images", "missing"], "'missing' does not exist"),
        (["import", __file__, "--images", __file__], "is a file"),
    ],
)
def test_a_path_of_the_wrong_kind_is_a_wrong_command_line(arguments: list[str], said: str, terminal: Terminal) -> None:
    ran = terminal.run(*arguments)
    assert (ran.code, ran.output) == (2, "")
    assert said in ran.errors


def test_a_corrupt_picture_is_named_and_the_others_are_attached(terminal: Terminal, tmp_path: Path) -> None:
    pictures = a_folder(tmp_path, "1-sea.jpg", "2-wood.jpg", "3-town.png")
    (pictures / "2-wood.jpg").write_bytes((pictures / "2-wood.jpg").read_bytes()[:200])

    ran = terminal.run("import", a_story(tmp_path), "--images", pictures)

    assert ran.code == 1
    assert "3 segments, 2 pictures" in ran.output
    assert "2-wood.jpg was not used: " in ran.errors
    first, second, third = terminal.pictures()
    assert (first, second) == ((pictures / "1-sea.jpg").read_bytes(), None)
    assert third == (pictures / "3-town.png").read_bytes()


def test_the_json_answer_names_the_corrupt_picture_with_its_reason(terminal: Terminal, tmp_path: Path) -> None:
    pictures = a_folder(tmp_path, "1.jpg")
    (pictures / "2.png").write_text("no picture")

    ran = terminal.run("import", a_story(tmp_path), "--images", pictures, "--json")

    assert ran.code == 1
    assert ran.answer["attached"] == ["1.jpg"]
    assert list(ran.answer["failed"]) == ["2.png"]
    assert ran.answer["failed"]["2.png"].endswith(".")


def test_pictures_without_places_go_in_natural_order(terminal: Terminal, tmp_path: Path) -> None:
    pictures = a_folder(tmp_path, "IMG_100.jpg", "IMG_98.jpg", "IMG_99.jpg")

    ran = terminal.run("import", a_story(tmp_path), "--images", pictures, "--json")

    in_order = ["IMG_98.jpg", "IMG_99.jpg", "IMG_100.jpg"]
    assert ran.answer["attached"] == in_order
    assert terminal.pictures() == [(pictures / name).read_bytes() for name in in_order]


def test_pictures_with_places_go_there_and_leave_gaps(terminal: Terminal, tmp_path: Path) -> None:
    pictures = a_folder(tmp_path, "3-last.jpg", "1 first.png")

    terminal.run("import", a_story(tmp_path), "--images", pictures)

    assert terminal.pictures() == [
        (pictures / "1 first.png").read_bytes(),
        None,
        (pictures / "3-last.jpg").read_bytes(),
    ]


def test_pictures_that_match_no_segment_are_named(terminal: Terminal, tmp_path: Path) -> None:
    pictures = a_folder(tmp_path, "dog.jpg", "elk.jpg", "fox.jpg", "gnu.jpg", "hen.jpg")

    ran = terminal.run("import", a_story(tmp_path), "--images", pictures)

    assert ran.code == 0
    assert "3 pictures" in ran.output
    assert ran.errors.split("\n")[-3:-1] == ["  gnu.jpg matches no segment", "  hen.jpg matches no segment"]


def test_what_is_no_picture_is_passed_over(terminal: Terminal, tmp_path: Path) -> None:
    pictures = a_folder(tmp_path, "1.jpg")
    for name in ("._1.jpg", "CREDITS.md", ".DS_Store"):
        (pictures / name).write_text("not a picture")

    ran = terminal.run("import", a_story(tmp_path), "--images", pictures, "--json")

    assert ran.code == 0
    assert (ran.answer["attached"], ran.answer["unmatched"]) == (["1.jpg"], [])


def test_the_people_s_own_files_stay_as_they_were(terminal: Terminal, tmp_path: Path) -> None:
    story, pictures = a_story(tmp_path), a_folder(tmp_path, "1.jpg", "2.jpg")
    before = {path: path.read_bytes() for path in (story, *pictures.iterdir())}

    terminal.run("import", story, "--images", pictures)

    assert {path: path.read_bytes() for path in (story, *pictures.iterdir())} == before

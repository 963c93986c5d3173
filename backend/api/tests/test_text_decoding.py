from __future__ import annotations

import pytest

from api.text_decoding import decode_text

WESTERN = [
    "Text: Le cœur a ses raisons que la raison ne connaît point. Où étais-tu ? À l’été.",
    "Text: Der Bär läuft über die große Straße. Öl, Übung, Äpfel – „schön“.",
    "Text: El niño corrió mañana. ¿Qué? ¡Sí!",
    "Text: Não há coração que aguente. Ação, irmãs.",
    "Text: På ön bor många älgar. Smørrebrød. Ærø.",
    "Text: It cost 5 € – “cheap”, she said…",
    "é",
]
OTHERS = [
    ("Текст: Привет, как дела? Всё хорошо.", "cp1251"),
    ("Привет, как дела?", "koi8-r"),
    ("昔々あるところに", "shift-jis"),
    ("很久很久以前，有一个人。", "gbk"),
    ("Μια φορά κι έναν καιρό", "cp1253"),
    ("היה היה פעם", "cp1255"),
]


@pytest.mark.parametrize("text", WESTERN[:-1])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_what_people_save_is_read(text: str, encoding: str) -> None:
    assert decode_text(text.encode(encoding)) == text


@pytest.mark.parametrize(("text", "encoding"), OTHERS)
def test_other_encodings_are_refused_and_not_read_as_nonsense(text: str, encoding: str) -> None:
    assert decode_text(text.encode(encoding)) is None
    for known in ("utf-8", "utf-16", "utf-32"):
        assert decode_text(text.encode(known)) == text


@pytest.mark.parametrize(
    "raw",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\xff",
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"\x01\xe9",
        b"caf\xe9\x00",
        b"\xff\xfe\x00",
        b"\x81a",
    ],
)
def test_what_is_no_text_is_refused(raw: bytes) -> None:
    assert decode_text(raw) is None


def test_a_single_nul_in_utf_8_is_left_for_the_reader_to_name() -> None:
    assert decode_text(b"Text: a\0b") == "Text: a\0b"
    assert decode_text(b"") == ""

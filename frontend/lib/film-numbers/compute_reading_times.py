"""Write reading-times.json, the server's reading times, which the tests compare with those of the web client.

Run from the repository's root: .venv/bin/python frontend/lib/film-numbers/compute_reading_times.py
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "backend"))

from narration.paces import pace_of  # noqa: E402
from narration.reading_time import counts_of, reading_time_s  # noqa: E402
from narration.speech import Voice  # noqa: E402

TEXTS = (
    "It was raining.",
    "“Is it?” he asked. “It is,” said Mrs. Vole — and so it was…\n\nThe end",
    "In 1803, 1,000,000 people; 2,500,000,000 stars: 3,000 (or 0.5) a day!",
    "One. [pause 1.5s] Two. <break time='800ms'/> Three. [PAUSE 99] Four. [pause no]",
    "[Nguyen](/nwin/) said *no*, and <b>yes</b>, at 5 a.m. — Dr. No came.",
    "Wirklich? „Ja“, sagte Jürgen; «oui», dit-elle. Вот так! Πώς; 日本語。はい！",
    "Eins.\r\n\r\n \t\r\nZwei,\r\ndrei\n \n\n\nvier",
    "... !!! — “”",
    "",
    "   \n\n  ",
    "a" * 300,
    "Astral 𝔘nd 🏚️ ok, ٣٤ १२. e.g. this; i.e. that.",
)
VOICES = (("heart", "hibari", "en-US"), ("espeak-uk", "espeak-ng", "uk"), ("af_bella", "kokoro", "en-US"))
READINGS = ((1.0, 0.25, 0.6), (0.5, 0.0, 5.0), (1.7, 3.0, 0.0))


def numbers() -> dict[str, object]:
    paces = {name: pace_of(Voice(name, name, engine, language, "")) for name, engine, language in VOICES}
    return {
        "paces": {name: asdict(pace) for name, pace in paces.items()},
        "readings": [
            {"speed": speed, "sentencePauseS": sentence, "paragraphPauseS": paragraph}
            for speed, sentence, paragraph in READINGS
        ],
        "texts": [
            {
                "text": text,
                "counts": list(asdict(counts_of(text)).values()),
                "seconds": {
                    name: [
                        round(
                            reading_time_s(
                                text, pace, speed=speed, sentence_pause_s=sentence, paragraph_pause_s=paragraph
                            ),
                            6,
                        )
                        for speed, sentence, paragraph in READINGS
                    ]
                    for name, pace in paces.items()
                },
            }
            for text in TEXTS
        ],
    }


def written() -> str:
    return json.dumps(numbers()) + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("reading-times.json").write_text(written(), encoding="utf-8")

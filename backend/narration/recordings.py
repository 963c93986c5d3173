"""Make a narration of a person's recording: check it, align its words and level it."""

from __future__ import annotations

from typing import BinaryIO

from narration.errors import InvalidRecording
from narration.long_levelling import level
from narration.loudness import SILENCE_LUFS, integrated_loudness
from narration.normaliser import spoken_words
from narration.script import Sentence, parse_script
from narration.sound_files import RECORDING_RATE, read_sound
from narration.speech import Speech, Word
from narration.word_times import word_times


def narrated_by(file: BinaryIO, text: str) -> Speech:
    """Return the recording as a narration of ``text``; its samples are a ``CompactSound``.

    Raises ``InvalidRecording`` with the reason in ``details``.
    """
    sound = read_sound(file)
    loudness = integrated_loudness(sound, RECORDING_RATE)
    if loudness <= SILENCE_LUFS:
        raise InvalidRecording(details="Nothing can be heard in this recording.")
    sentences = [part for part in parse_script(text) if isinstance(part, Sentence)]
    written = [word for sentence in sentences for word in sentence.words]
    said = [word for sentence in sentences for word in spoken_words(sentence)]
    timed, timing = word_times(said, sound, RECORDING_RATE, is_english=True)
    words = tuple(
        Word(word.text, round(time.start_s, 4), round(time.end_s, 4), word.char, word.length)
        for word, time in zip(written, timed, strict=True)
    )
    level(sound, loudness)
    return Speech(sound, RECORDING_RATE, words, timing)

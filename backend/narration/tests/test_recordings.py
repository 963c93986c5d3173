from __future__ import annotations

from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest

from narration import word_times
from narration.errors import InvalidRecording
from narration.loudness import integrated_loudness
from narration.narrator import VoiceSettings, narrate
from narration.recordings import narrated_by
from narration.sound_files import recording_format, write_flac
from narration.speech import Speech

FRAMES = {"libopus": 960, "aac": 1024}
TEXT = "The old house stood on a hill. Nobody came there any more."


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Speech:
    return narrate(TEXT, VoiceSettings(), tmp_path_factory.mktemp("cache"))


def encoded(speech: Speech, container: str, codec: str) -> BytesIO:
    file = BytesIO()
    with av.open(file, "w", format=container) as out:
        rate = 48_000 if codec == "libopus" else speech.sample_rate
        stream = out.add_stream(codec, rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(speech.samples[None], format="fltp", layout="mono")
        frame.sample_rate = speech.sample_rate
        resampler = av.AudioResampler(
            format=stream.codec_context.format or "fltp", layout="mono", rate=rate, frame_size=FRAMES.get(codec, 1152)
        )
        for block in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(block))
        out.mux(stream.encode(None))
    return file


@pytest.mark.parametrize(
    ("container", "codec"),
    [
        ("wav", "pcm_s16le"),
        ("flac", "flac"),
        ("mp3", "libmp3lame"),
        ("mp4", "aac"),
        ("ogg", "libopus"),
        ("webm", "libopus"),
        ("adts", "aac"),
        ("aiff", "pcm_s16be"),
    ],
)
def test_each_kind_of_recording_is_levelled_and_its_words_found(spoken: Speech, container: str, codec: str) -> None:
    narration = narrated_by(encoded(spoken, container, codec), TEXT)
    assert narration.duration_s == pytest.approx(spoken.duration_s, abs=0.15)
    assert integrated_loudness(narration.samples, narration.sample_rate) == pytest.approx(-16, abs=0.5)
    assert [word.text for word in narration.words] == TEXT.split()


def test_aligned_words_are_within_a_tenth_of_a_second_of_the_voices_own_times(spoken: Speech) -> None:
    narration = narrated_by(encoded(spoken, "flac", "flac"), TEXT)
    assert narration.timing == "aligned"
    errors = [abs(a.start_s - b.start_s) for a, b in zip(narration.words, spoken.words, strict=True)]
    assert np.mean(errors) < 0.1


def test_without_the_aligner_times_are_an_estimate_and_say_so(spoken: Speech, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_times, "find_spec", lambda name: None)
    narration = narrated_by(encoded(spoken, "flac", "flac"), TEXT)
    assert narration.timing == "estimated"
    errors = [abs(a.start_s - b.start_s) for a, b in zip(narration.words, spoken.words, strict=True)]
    assert np.mean(errors) < 0.35


def test_a_recording_of_another_text_is_taken_with_words_in_order(spoken: Speech) -> None:
    narration = narrated_by(encoded(spoken, "flac", "flac"), "Completely different words were written here by somebody")
    starts = [word.start_s for word in narration.words]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a WAV"),
        (b"#EXTM3U\nfile:///etc/passwd\n", "not a WAV"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "not a WAV"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "sound"),
        (b"fLaC" + b"\xff" * 400, "sound"),
        (b"ID3" + b"\x00" * 400, "sound"),
        (b"\x00\x00\x00\x18ftypM4A " + b"\x00" * 60, "sound"),
        (b"\xff\xd8\xff\xe0 a picture", "not a WAV"),
    ],
)
def test_what_is_no_recording_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    with pytest.raises(InvalidRecording) as refusal:
        narrated_by(BytesIO(content), TEXT)
    assert reason in str(refusal.value.details)


def test_silence_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "silence.flac"
    write_flac(path, np.zeros(48_000, np.float32), 48_000)
    with path.open("rb") as file, pytest.raises(InvalidRecording) as refusal:
        narrated_by(file, TEXT)
    assert refusal.value.details == "Nothing can be heard in this recording."


def test_only_these_containers_are_ever_opened() -> None:
    heads = [
        b"RIFF....WAVEfmt ",
        b"fLaC",
        b"....ftypM4A ",
        b"ID3\x04",
        b"\xff\xfb\x90\x00",
        b"OggS",
        b"\x1aE\xdf\xa3",
        b"\xff\xf1\x50\x80",
        b"FORM....AIFF",
        b"#EXTM3U",
        b"FORM....ILBM",
    ]
    found = [recording_format(head) for head in heads]
    assert found == ["wav", "flac", "mp4", "mp3", "mp3", "ogg", "matroska", "aac", "aiff", None, None]


def test_the_same_samples_are_the_same_flac(tmp_path: Path, spoken: Speech) -> None:
    for name in "ab":
        write_flac(tmp_path / name, spoken.samples, spoken.sample_rate)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest

from narration import sound_files
from narration.compact_sound import BLOCK
from narration.errors import InvalidRecording
from narration.loudness import CEILING, integrated_loudness, levelled, true_peak
from narration.recordings import narrated_by
from narration.sound_files import RECORDING_RATE, read_recording, read_sound, write_flac

BACKEND = Path(__file__).parents[2]


def a_voice(seconds: float = 4.0, level: float = 0.3) -> np.ndarray:
    """Syllables: a tone with overtones, four times a second."""
    at = np.arange(round(seconds * RECORDING_RATE)) / RECORDING_RATE
    tone = sum(np.sin(2 * np.pi * 140 * n * at) / n for n in range(1, 8))
    voice: np.ndarray = (level * tone * np.clip(np.sin(2 * np.pi * 4 * at), 0, 1)).astype(np.float32)
    return voice


def a_file(channels: list[np.ndarray], layout: str, *, container: str = "wav", codec: str = "pcm_f32le") -> BytesIO:
    file = BytesIO()
    with av.open(file, "w", format=container) as out:
        stream = out.add_stream(codec, rate=RECORDING_RATE, layout=layout)
        whole = np.stack(channels).astype(np.float32)
        for start in range(0, whole.shape[1], 960):
            planes = np.ascontiguousarray(whole[:, start : start + 960])
            frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout=layout)
            frame.sample_rate, frame.pts = RECORDING_RATE, start
            resampler = av.AudioResampler(format=stream.codec_context.format, layout=layout, rate=RECORDING_RATE)
            for block in resampler.resample(frame):
                out.mux(stream.encode(block))
        out.mux(stream.encode(None))
    file.seek(0)
    return file


def test_a_stereo_recording_with_one_channel_inverted_is_heard() -> None:
    voice = a_voice()
    assert np.abs(read_recording(a_file([voice, -voice], "stereo"))).max() == pytest.approx(
        np.abs(voice).max(), rel=0.01
    )


@pytest.mark.parametrize("factor", [-1.0, -0.98, -0.7, -0.4, 0.0, 0.5, 1.0])
def test_no_second_channel_takes_the_first_away(factor: float) -> None:
    voice = a_voice()
    heard = read_recording(a_file([voice, factor * voice], "stereo"))
    assert np.sqrt((heard**2).mean()) > 0.49 * np.sqrt((voice**2).mean())


def test_channels_that_are_opposed_only_for_a_while_are_heard_all_the_time() -> None:
    voice = a_voice(8)
    other = voice.copy()
    other[RECORDING_RATE * 3 : RECORDING_RATE * 5] *= -1
    heard = read_recording(a_file([voice, other], "stereo"))
    seconds = np.sqrt((heard.reshape(8, -1) ** 2).mean(axis=1))
    assert seconds.min() > 0.6 * seconds.max()


def test_in_surround_sound_a_channel_that_cancels_the_centre_is_turned_round() -> None:
    voice, nothing = a_voice(), np.zeros_like(a_voice())
    channels = [-voice * 0.707, -voice * 0.707, voice, nothing, nothing, nothing]
    heard = read_recording(a_file(channels, "5.1"))
    assert np.sqrt((heard**2).mean()) > 0.3 * np.sqrt((voice**2).mean())


def test_channels_alike_are_mixed_as_they_are() -> None:
    voice = a_voice()
    heard = read_recording(a_file([voice, voice * 0.5], "stereo"))
    assert np.abs(heard - voice * 0.75).max() < 1e-3


def test_two_different_voices_stay_both() -> None:
    one, other = a_voice(), np.roll(a_voice(), RECORDING_RATE // 8)
    heard = read_recording(a_file([one, other], "stereo"))
    assert np.abs(heard - (one + other) / 2).max() < 1e-3


@pytest.mark.parametrize(
    ("container", "codec"),
    [("webm", "libopus"), ("ogg", "libopus"), ("ogg", "flac"), ("adts", "aac"), ("aiff", "pcm_s16be")],
)
def test_what_browsers_and_other_recorders_write_is_read(container: str, codec: str) -> None:
    voice = a_voice()
    heard = read_recording(a_file([voice], "mono", container=container, codec=codec))
    assert len(heard) / RECORDING_RATE == pytest.approx(4.0, abs=0.1)
    assert np.sqrt((heard**2).mean()) == pytest.approx(np.sqrt((voice**2).mean()), rel=0.1)


def test_a_film_without_sound_is_no_recording() -> None:
    file = BytesIO()
    with av.open(file, "w", format="webm") as out:
        stream = out.add_stream("libvpx", rate=5)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        out.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        out.mux(stream.encode(None))
    with pytest.raises(InvalidRecording, match="Invalid") as refusal:
        read_sound(file)
    assert refusal.value.details == "There is no sound in this file."


def test_a_rate_that_changes_on_the_way_is_followed() -> None:
    parts = []
    for rate in (44_100, 22_050):
        file = BytesIO()
        with av.open(file, "w", format="adts") as out:
            stream = out.add_stream("aac", rate=rate, layout="mono")
            stream.codec_context.format = "fltp"
            whole = (0.3 * np.sin(np.arange(rate * 2) * 2 * np.pi * 300 / rate)).astype(np.float32)
            for start in range(0, len(whole) - 1024, 1024):
                frame = av.AudioFrame.from_ndarray(whole[None, start : start + 1024], format="fltp", layout="mono")
                frame.sample_rate, frame.pts = rate, start
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
        parts.append(file.getvalue())
    assert len(read_sound(BytesIO(b"".join(parts)))) / RECORDING_RATE == pytest.approx(4.0, abs=0.3)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1e30])
def test_values_that_are_no_sound_are_refused(value: float) -> None:
    voice = a_voice(1)
    voice[1000] = value
    with pytest.raises(InvalidRecording) as refusal:
        read_sound(a_file([voice], "mono"))
    assert refusal.value.details == "The recording holds values that are no sound."


def test_how_long_a_recording_is_counts_while_it_is_decoded_not_what_its_head_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = a_file([a_voice(5)], "mono")
    head = bytearray(file.getvalue())
    place = head.find(b"data")
    head[place + 4 : place + 8] = b"\xff\xff\xff\xff"  # a stream's head knows no length
    monkeypatch.setattr(sound_files, "MAX_RECORDING_S", 4)
    with pytest.raises(InvalidRecording) as refusal:
        read_sound(BytesIO(bytes(head)))
    assert "longer than" in refusal.value.details


def test_silence_is_given_up_long_before_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded = []
    frames = sound_files._frames

    def counted(container: av.container.InputContainer) -> object:
        for frame in frames(container):
            decoded.append(frame.samples)
            yield frame

    monkeypatch.setattr(sound_files, "_frames", counted)
    monkeypatch.setattr(sound_files, "MAX_SILENT_START_S", 2)
    file = BytesIO()
    write_flac(file, np.zeros(RECORDING_RATE * 60, np.float32), RECORDING_RATE)
    with pytest.raises(InvalidRecording) as refusal:
        read_sound(file)
    assert refusal.value.details.startswith("Nothing can be heard in this recording")
    assert sum(decoded) < RECORDING_RATE * 4


def test_a_compact_sound_is_what_was_added_at_any_loudness() -> None:
    quiet = a_voice(5, level=0.0002)
    sound = read_sound(a_file([np.concatenate([quiet, a_voice(5)])], "mono"))
    start, stop = BLOCK - 100, 3 * BLOCK - 7
    assert np.abs(sound[start:stop] - quiet[start:stop]).max() < 1e-8
    assert len(sound[BLOCK * 2 : BLOCK * 2]) == 0
    assert len(sound[:]) == len(sound) == RECORDING_RATE * 10


def test_a_long_sound_is_levelled_as_a_short_one_is() -> None:
    voice = np.concatenate([a_voice(6), a_voice(6, level=0.02), a_voice(3, level=0.9)])
    speech = narrated_by(a_file([voice], "mono"), "Hello there.")
    assert integrated_loudness(speech.samples, RECORDING_RATE) == pytest.approx(-16, abs=0.2)
    assert true_peak(speech.samples[:]) <= CEILING + 1e-3
    as_one = levelled(voice, RECORDING_RATE)
    assert np.abs(speech.samples[:] - as_one).max() < 0.06


@pytest.mark.parametrize("kind", ["silence", "one word at the end"])
def test_ten_minutes_of_sound_take_little_memory(tmp_path: Path, kind: str) -> None:
    """In a process of its own, whose peak is nobody else's."""
    path = tmp_path / "long.flac"
    second = np.random.default_rng(1).normal(0, 0.1, RECORDING_RATE).astype(np.float32)
    silent = 9 * 60
    with av.open(str(path), "w", format="flac") as out:
        stream = out.add_stream("flac", rate=RECORDING_RATE, layout="mono", options={"compression_level": "0"})
        stream.codec_context.format = "s16"
        for number in range(9 * 60 + 2):
            at = second if number >= silent and kind != "silence" else np.zeros(RECORDING_RATE, np.float32)
            at = at + (0.01 if number == 5 and kind != "silence" else 0.0)
            whole = np.clip(at * 32767, -32768, 32767).astype(np.int16)
            for start in range(0, RECORDING_RATE, 4_000):
                frame = av.AudioFrame.from_ndarray(whole[None, start : start + 4_000], format="s16", layout="mono")
                frame.sample_rate, frame.pts = RECORDING_RATE, number * RECORDING_RATE + start
                out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    code = """
import sys
from narration.errors import InvalidRecording
from narration.recordings import narrated_by
try:
    with open(sys.argv[1], "rb") as file:
        narrated_by(file, "Hello there.")
except InvalidRecording as exc:
    print(exc.details, file=sys.stderr)
with open("/proc/self/status") as file:
    print(next(int(line.split()[1]) // 1024 for line in file if line.startswith("VmHWM")))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], cwd=BACKEND, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < (120 if kind == "silence" else 260)
    assert ("Nothing can be heard" in done.stderr) == (kind == "silence")

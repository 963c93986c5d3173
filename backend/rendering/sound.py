"""The film's sound: each narration encoded alone, once, and its AAC packets laid on the film's 1024-sample grid.

A narration is encoded with two silent AAC frames on either side; between narrations one stock packet of silence is
repeated. So a narration that did not change is never encoded again, wherever it moves. The grid moves a narration by at
most half a frame (10.7 ms) against its picture.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import av
import numpy as np

from rendering.chunk_cache import ChunkCache, digest_of
from rendering.encoder import AAC_BIT_RATE, AAC_FRAME, Encoded, encode_sound, versions
from rendering.errors import SoundUnreadable
from rendering.film import SAMPLE_RATE, Sound
from rendering.timeline import Timeline

_SILENT_FRAMES = 2


@dataclass(frozen=True)
class SoundTrack:
    """Packet ``n`` covers the samples from ``(n - 1) * AAC_FRAME`` on; packet 0 is the decoder's priming."""

    header: bytes
    packets: tuple[bytes, ...]

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the header and all packets, in hex."""
        digest = hashlib.sha256(self.header)
        for packet in self.packets:
            digest.update(packet)
        return digest.hexdigest()


def sound_keys(timeline: Timeline) -> list[str]:
    return [_key(shot.scene.sound.digest) for shot in timeline.shots if shot.scene.sound] + [_key("silence")]


def sound_track(timeline: Timeline, cache: ChunkCache) -> SoundTrack:
    """Encode the film's sound. Raises ``SoundUnreadable``, which names the file."""
    silence = _cached(cache, "silence", lambda: np.zeros(8 * AAC_FRAME, np.float32))
    # The default packet is one of silence between silence.
    packets = [silence.packets[0].payload] + [silence.packets[4].payload] * -(-timeline.samples // AAC_FRAME)
    for shot in timeline.shots:
        sound = shot.scene.sound
        if sound is None:
            continue
        spoken = _cached(cache, sound.digest, partial(_padded, sound))
        # A packet has two overlapping frames, so the packet before the first sound is the first that is not silent.
        first = round(timeline.sound_sample(shot) / AAC_FRAME)
        for place, packet in enumerate(spoken.packets[_SILENT_FRAMES:-_SILENT_FRAMES], first):
            if place < len(packets):
                packets[place] = packet.payload
    return SoundTrack(silence.header, tuple(packets))


def _key(digest: str) -> str:
    return digest_of("sound", versions(), AAC_BIT_RATE, digest)


def _cached(cache: ChunkCache, digest: str, samples: Callable[[], np.ndarray]) -> Encoded:
    key = _key(digest)
    found = cache.get(key)
    if found is None:
        found = encode_sound(samples())
        cache.put(key, found)
    return found


def _padded(sound: Sound) -> np.ndarray:
    """Return the narration between silent frames, padded to whole frames."""
    samples = decoded(sound)
    filled = -(-len(samples) // AAC_FRAME) * AAC_FRAME
    edge = _SILENT_FRAMES * AAC_FRAME
    return np.pad(samples, (edge, filled - len(samples) + edge))


def duration_s(path: Path) -> float:
    """Return the length of the sound in a file in seconds, by its samples. Raises ``SoundUnreadable``."""
    return len(decoded(Sound(path, "", 0.0))) / SAMPLE_RATE


def decoded(sound: Sound) -> np.ndarray:
    """Decode the narration as mono float32 at ``SAMPLE_RATE``."""
    try:
        with av.open(str(sound.path)) as container:
            resampler = av.AudioResampler(format="fltp", layout="mono", rate=SAMPLE_RATE)
            blocks = [
                block.to_ndarray()[0]
                for frame in [*container.decode(audio=0), None]
                for block in resampler.resample(frame)
            ]
    except (av.error.FFmpegError, IndexError) as exc:
        raise SoundUnreadable(
            f"The narration {sound.path.name} is missing or damaged. Narrate that segment again."
        ) from exc
    return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)

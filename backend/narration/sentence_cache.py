"""A cache of spoken sentences, keyed by a hash of all their inputs; damaged entries are deleted."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
import zipfile
from dataclasses import astuple
from pathlib import Path
from typing import Any, cast

import numpy as np

from narration.speech import Speech, Timing, Word

_VERSION = 1
_SUFFIX = ".npz"


def key_of(*parts: Any) -> str:
    return hashlib.sha256(json.dumps([_VERSION, *parts], ensure_ascii=False).encode()).hexdigest()[:40]


class SentenceCache:
    """A folder of ``.npz`` files with 16-bit samples and the words as JSON; files appear by a rename."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> Speech | None:
        path = self._path(key)
        try:
            with np.load(path, allow_pickle=False) as stored:
                head = json.loads(str(stored["head"]))
                samples = stored["samples"].astype(np.float32) / 32767
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        words = tuple(Word(*word) for word in head["words"])
        return Speech(samples, int(head["rate"]), words, cast(Timing, head["timing"]))

    def put(self, key: str, speech: Speech) -> Speech:
        """Store the speech, unless the disk fails. Returns it as ``get`` will: rounded to 16 bits."""
        samples = np.clip(np.rint(speech.samples[:] * 32767), -32768, 32767).astype(np.int16)
        head = {"rate": speech.sample_rate, "timing": speech.timing, "words": [astuple(word) for word in speech.words]}
        with contextlib.suppress(OSError):
            self._write(self._path(key), samples, head)
        return Speech(samples.astype(np.float32) / 32767, speech.sample_rate, speech.words, speech.timing)

    def _write(self, path: Path, samples: np.ndarray, head: dict[str, Any]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
        try:
            with beside.open("wb") as file:
                np.savez(file, samples=samples, head=np.array(json.dumps(head)))
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)

    def keep_within(self, limit_bytes: int) -> None:
        """Delete the oldest files until the cache has at most ``limit_bytes``."""
        files = []
        for path in self._folder.glob(f"*/*{_SUFFIX}"):
            with contextlib.suppress(FileNotFoundError):
                stat = path.stat()
                files.append((stat.st_mtime, stat.st_size, path))
        total = sum(size for _, size, _ in files)
        for _, size, path in sorted(files):
            if total <= limit_bytes:
                break
            path.unlink(missing_ok=True)
            total -= size

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}{_SUFFIX}"

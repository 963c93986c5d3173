"""The common part of both neural engines: run the model in pieces and check its durations against its samples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from narration.errors import NarrationError
from narration.onnx_tap import with_output
from narration.phonemes import SAMPLE_RATE, SAMPLES_PER_FRAME, Phonemizer, timed_words
from narration.speech import Speech, SpokenWord, Timing

DURATIONS = "durations"

# From phoneme ids to samples (float32) and the length of each id in frames (int64).
Run: TypeAlias = "Callable[[list[int]], tuple[np.ndarray, np.ndarray]]"


def load_session(model: bytes, durations_tensor: str) -> Any:
    """Create an onnxruntime session with one thread and the durations as an output. Raises ``NarrationError``."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread: segments are narrated in parallel, and the samples must not depend on the number of cores.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(
            with_output(model, durations_tensor, DURATIONS), options, providers=["CPUExecutionProvider"]
        )
    except Exception as exc:  # onnxruntime raises classes of its own, made at run time
        raise NarrationError("The voice's model cannot be loaded; install StoryFlow's packages again.") from exc


def speak(words: list[SpokenWord], phonemizer: Phonemizer, run: Run) -> Speech:
    """Speak a sentence; word times are exact if the durations add up to the samples, else scaled evenly."""
    utterances = phonemizer.utterances(words)
    pieces, durations = [], []
    timing: Timing = "exact"
    for utterance in utterances:
        samples, frames = run(utterance.ids)
        if len(frames) != len(utterance.ids):
            raise NarrationError("The voice's model gave no usable word times.")
        if int(frames.sum()) * SAMPLES_PER_FRAME != len(samples):
            timing = "estimated"
            frames = frames * (len(samples) / SAMPLES_PER_FRAME / max(1, frames.sum()))
        pieces.append(samples)
        durations.append(frames)
    samples = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
    return Speech(samples.astype(np.float32), SAMPLE_RATE, timed_words(words, utterances, durations), timing)

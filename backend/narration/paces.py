"""The pace of each voice, measured at normal speed on eighteen short texts and the example story.

Fitted by least squares with no negative time, each text weighted by its length to the power of −1.5. Measure again when
an engine or a voice is changed: `narration/tests/test_paces.py` fails when an estimate is more than 15 % off.
"""

from __future__ import annotations

from dataclasses import asdict, replace

from narration.reading_time import Pace
from narration.speech import Voice

# hibari's voice was trained on one of Kokoro's.
_KOKORO = Pace(letter=0.0634, digit=0.366, word=0.0, mark=0.275, sentence=0.653, hurry=0.8)
_BY_ENGINE = {
    "hibari": _KOKORO,
    "kokoro": _KOKORO,
    "espeak-ng": Pace(letter=0.0499, digit=0.427, word=0.0503, mark=0.283, sentence=0.18),
}
# For engines that were not measured, such as remote ones.
_OTHERWISE = _KOKORO
# Factors for the same letters, relative to English, by language or voice.
_SCALES = {
    "espeak-ng": {
        "de": 1.01, "es": 1.07, "fr": 0.9, "it": 1.09, "nl": 1.06, "pl": 1.27, "pt": 1.14, "ru": 0.99, "sv": 1.2,
        "tr": 1.33, "uk": 1.6,
    },
    "kokoro": {
        "af_bella": 1.05, "af_nicole": 1.45, "af_sarah": 1.06, "am_fenrir": 0.95, "am_michael": 1.1, "bf_emma": 0.97,
        "bm_fable": 0.96, "bm_george": 1.09,
    },
}  # fmt: skip


def pace_of(voice: Voice) -> Pace:
    scales = _SCALES.get(voice.engine, {})
    scale = scales.get(voice.id, scales.get(voice.language, 1.0))
    own = _BY_ENGINE.get(voice.engine, _OTHERWISE)
    times = {name: round(time * scale, 4) for name, time in asdict(own).items() if name != "hurry"}
    return replace(own, **times)

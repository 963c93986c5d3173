from __future__ import annotations

from importlib.resources import files

import pytest

from narration.engines.hibari import HibariEngine
from narration.engines.onnx_speech import load_session
from narration.onnx_tap import with_output
from narration.phonemes import SAMPLES_PER_FRAME
from narration.speech import SpokenWord


def test_the_tapped_tensor_is_one_more_output_and_the_rest_stays() -> None:
    model = (files("hibari") / "assets" / "hibari.onnx").read_bytes()
    outputs = [output.name for output in load_session(model, "/Cast_32_output_0").get_outputs()]
    assert outputs[-1] == "durations"
    assert len(outputs) == 7


@pytest.mark.parametrize("rubbish", [b"", b"\xff" * 40, b"\x08\x07", b"\x0b"])
def test_what_is_no_model_is_refused(rubbish: bytes) -> None:
    with pytest.raises(ValueError, match="not an ONNX model"):
        with_output(rubbish, "a", "b")


def test_durations_add_up_to_the_samples() -> None:
    speech = HibariEngine().synthesize([SpokenWord("Hello"), SpokenWord("there.")], "heart")
    assert speech.timing == "exact"
    assert len(speech.samples) % SAMPLES_PER_FRAME == 0

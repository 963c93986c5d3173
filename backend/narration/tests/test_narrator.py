from __future__ import annotations

import hashlib
import json
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest

from narration import narrator
from narration.errors import NarrationCancelled, NothingToSay, TextTooLong, UnknownVoice
from narration.loudness import CEILING, integrated_loudness, true_peak
from narration.narrator import VoiceSettings, narrate, narration_digest
from narration.normaliser import NORMALISER_VERSION

TEXT = "Dr. Marsh bought No. 5 in 1893. 🍇 It cost $3.50!\n\nNobody came."


def test_every_word_of_the_text_has_its_place_and_time_in_order(tmp_path: Path) -> None:
    speech = narrate(TEXT, VoiceSettings(), tmp_path)
    assert [TEXT[word.char : word.char + word.length] for word in speech.words] == TEXT.split()
    starts = [word.start_s for word in speech.words]
    assert starts == sorted(starts)
    assert all(0 <= word.start_s <= word.end_s <= speech.duration_s for word in speech.words)
    assert speech.timing == "exact"


def test_words_are_heard_when_they_say_they_are(tmp_path: Path) -> None:
    speech = narrate("Cats. [pause 2s] Dogs. [pause 2s] Birds.", VoiceSettings(), tmp_path)
    loud = np.abs(speech.samples) > 0.02
    for word in speech.words:
        heard = loud[round(word.start_s * speech.sample_rate) : round(word.end_s * speech.sample_rate)]
        assert heard.mean() > 0.3
    for before, after in zip(speech.words, speech.words[1:], strict=False):
        middle = round((before.end_s + after.start_s) / 2 * speech.sample_rate)
        assert not loud[middle - 2400 : middle + 2400].any()


def test_it_is_as_loud_as_every_narration_and_never_clips(tmp_path: Path) -> None:
    speech = narrate(TEXT, VoiceSettings(), tmp_path)
    assert integrated_loudness(speech.samples, speech.sample_rate) == pytest.approx(-16, abs=0.5)
    assert true_peak(speech.samples) <= CEILING + 1e-3


def test_a_second_time_comes_from_the_cache_to_the_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = narrate(TEXT, VoiceSettings(), tmp_path)
    engine = narrator.engine_of("heart")
    monkeypatch.setattr(type(engine), "synthesize", lambda *args, **options: pytest.fail("spoken again"))
    second = narrate(TEXT, VoiceSettings(), tmp_path)
    assert np.array_equal(first.samples, second.samples)
    assert first.words == second.words


def test_one_edited_sentence_is_the_only_one_spoken_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    narrate("One came. Two came. Three came.", VoiceSettings(), tmp_path)
    engine, spoken = narrator.engine_of("heart"), []
    speak = type(engine).synthesize

    def noted(self, words, *args, **options):
        spoken.append(" ".join(word.text for word in words))
        return speak(self, words, *args, **options)

    monkeypatch.setattr(type(engine), "synthesize", noted)
    narrate("One came. Two went. Three came.", VoiceSettings(), tmp_path)
    assert spoken == ["Two went."]


def test_a_damaged_cache_file_is_spoken_again(tmp_path: Path) -> None:
    first = narrate("One came.", VoiceSettings(), tmp_path)
    (stored,) = tmp_path.glob("*/*.npz")
    stored.write_bytes(stored.read_bytes()[:200])
    assert np.array_equal(narrate("One came.", VoiceSettings(), tmp_path).samples, first.samples)


def test_speed_makes_it_shorter(tmp_path: Path) -> None:
    slow, fast = (narrate(TEXT, VoiceSettings(speed=speed), tmp_path).duration_s for speed in (0.8, 1.4))
    assert fast < slow * 0.75


@pytest.mark.parametrize(
    ("changes", "longer_by"), [({"sentence_pause_s": 1.25}, 1.0), ({"paragraph_pause_s": 1.6}, 1.0)]
)
def test_pauses_are_as_long_as_asked(tmp_path: Path, changes: dict[str, float], longer_by: float) -> None:
    text = "One came. Two came.\n\nThree came."
    before, after = narrate(text, VoiceSettings(), tmp_path), narrate(text, VoiceSettings(**changes), tmp_path)
    assert after.duration_s - before.duration_s == pytest.approx(longer_by, abs=0.01)


@pytest.mark.parametrize("text", ["", "   \n", "🍇🍇 👩‍🌾", "… — !", "[pause 2s]"])
def test_a_text_without_a_word_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(NothingToSay):
        narrate(text, VoiceSettings(), tmp_path)


def test_a_text_of_a_hundred_thousand_characters_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(TextTooLong, match="100,000 characters; one segment can have 20,000"):
        narrate("a bc " * 20_000, VoiceSettings(), tmp_path)


def test_an_unknown_voice_is_refused_with_the_names_of_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UnknownVoice, match="heart"):
        narrate("Hello.", VoiceSettings(voice="nobody"), tmp_path)


def test_cancelling_stops_between_two_sentences(tmp_path: Path) -> None:
    done: list[int] = []
    with pytest.raises(NarrationCancelled):
        narrate(
            "One. Two. Three. Four.",
            VoiceSettings(),
            tmp_path,
            report=lambda n, _: done.append(n),
            is_cancelled=lambda: len(done) == 2,
        )
    assert done == [1, 2]


def test_text_voice_and_speed_each_change_the_digest() -> None:
    all_settings = [
        ("a", VoiceSettings()),
        ("b", VoiceSettings()),
        ("a", VoiceSettings(voice="bm_george")),
        ("a", VoiceSettings(speed=1.1)),
    ]
    assert len({narration_digest(text, settings) for text, settings in all_settings}) == 4
    assert narration_digest("a", VoiceSettings()) == narration_digest("a", VoiceSettings())


def test_endless_words_and_odd_letters_are_spoken_in_bounded_pieces(tmp_path: Path) -> None:
    speech = narrate("a" * 600 + " ﷽ \u202e x\u0301 Ω 𝕳 " + "é" * 50, VoiceSettings(), tmp_path)
    assert 5 < speech.duration_s < 180


@pytest.mark.parametrize("voice", ["heart", "bf_emma", "am_michael", "espeak-de"])
def test_every_kind_of_voice_times_every_word_exactly(tmp_path: Path, voice: str) -> None:
    speech = narrate("In 1893 the old house stood.", VoiceSettings(voice=voice), tmp_path)
    assert speech.timing == "exact"
    assert [word.text for word in speech.words] == ["In", "1893", "the", "old", "house", "stood."]
    starts = [word.start_s for word in speech.words]
    assert starts == sorted(starts)
    assert starts[-1] > speech.duration_s * 0.5
    assert 1 < speech.duration_s < 6


def test_phonemes_given_are_phonemes_said(tmp_path: Path) -> None:
    plain, given = (
        narrate("read", VoiceSettings(), tmp_path),
        narrate("[read](/bˈænˈænˈænˈænə/)", VoiceSettings(), tmp_path),
    )
    assert given.duration_s > plain.duration_s * 1.3
    assert given.words[0].text == "read"


@pytest.mark.parametrize("text", ["7" * 40, "$" + "7" * 60, "https://example.com/" + "7" * 60])
def test_a_number_too_large_to_have_a_name_is_read_digit_by_digit(text: str, tmp_path: Path) -> None:
    assert len(narrate(text, VoiceSettings(), tmp_path).words) == 1


@pytest.mark.parametrize("text", ["", "A fig.", 'Łódź “x”\n\t\\ "q" \u2028', "🎉", "\x00\x1f"])
def test_a_digest_is_of_the_json_that_it_always_was(text: str) -> None:
    settings = VoiceSettings("heart", 1.25, 0.5, 1, 3)
    parts = [narrator._NARRATOR_VERSION, NORMALISER_VERSION, text, astuple(settings)]
    written = json.dumps(parts, ensure_ascii=False).encode()
    assert narration_digest(text, settings) == hashlib.sha256(written).hexdigest()

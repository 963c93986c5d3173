"""The list of voices for the API and the command line, and their samples."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from filming.narrations import speech_cache
from filming.outputs import atomic_write
from narration.catalogue import voice_named, voices
from narration.narrator import VoiceSettings, narrate
from narration.paces import pace_of
from narration.sound_files import write_flac
from narration.speech import Voice

_SAMPLES = {
    "en": "Once upon a time, at a quarter past eight, the old door opened by itself. Was anybody there?",
    "de": "Es war einmal ein altes Haus. Um Viertel nach acht ging die Tür von selbst auf. War da jemand?",
    "es": "Había una vez una casa vieja. A las ocho y cuarto la puerta se abrió sola. ¿Había alguien?",
    "fr": "Il était une fois une vieille maison. À huit heures, la porte s’ouvrit toute seule. Y avait-il quelqu’un ?",
    "it": "C’era una volta una vecchia casa. Alle otto la porta si aprì da sola. C’era qualcuno?",
    "nl": "Er was eens een oud huis. Om acht uur ging de deur vanzelf open. Was daar iemand?",
    "pl": "Był sobie stary dom. O ósmej drzwi otworzyły się same. Czy ktoś tam był?",
    "pt": "Era uma vez uma casa velha. Às oito horas a porta abriu-se sozinha. Estava lá alguém?",
    "ru": "Жил-был старый дом. В восемь часов дверь открылась сама. Был ли там кто-нибудь?",
    "sv": "Det var en gång ett gammalt hus. Klockan åtta öppnades dörren av sig själv. Var det någon där?",
    "tr": "Bir varmış bir yokmuş, eski bir ev varmış. Saat sekizde kapı kendiliğinden açıldı. Orada biri var mıydı?",
    "uk": "Був собі старий дім. О восьмій двері відчинилися самі. Чи був там хтось?",
}


def voice_rows() -> list[dict[str, Any]]:
    """List the voices, the default first; ``missing`` says what an unavailable voice needs."""
    return [
        {
            "id": voice.id,
            "name": voice.name,
            "engine": voice.engine,
            "language": voice.language,
            "gender": voice.gender,
            "available": voice.missing is None,
            "missing": voice.missing,
            "remote": voice.is_remote,
            "pace": asdict(pace_of(voice)),
        }
        for voice in voices()
    ]


def sample_text(voice: Voice) -> str:
    """Return the sample text in the voice's language, or in English if there is none."""
    return _SAMPLES.get(voice.language[:2], _SAMPLES["en"])


def write_sample(voice_id: str, out: Path) -> float:
    """Write a FLAC of the sample text. Returns its length in seconds.

    Raises ``UnknownVoice``, ``VoiceUnavailable``, ``NarrationError``, and ``NoSpaceLeft`` or ``RenderingError`` for
    errors of the disk.
    """
    speech = narrate(sample_text(voice_named(voice_id)), VoiceSettings(voice_id), speech_cache())
    with atomic_write(out) as beside:
        write_flac(beside, speech.samples, speech.sample_rate)
    return speech.duration_s

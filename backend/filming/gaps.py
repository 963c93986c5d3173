"""Narrate, before rendering, the scenes of a snapshot whose narration is missing or stale, in parallel threads."""

from __future__ import annotations

import os
import time
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.errors import StoryFlowError
from filming.film_settings import voice_settings_from
from filming.machine_pace import note_speech
from filming.narrations import save_narration, speech_cache
from filming.scenes import sides_of
from jobs.errors import Stopped
from jobs.handlers import JobContext
from narration.errors import NothingToSay
from narration.narrator import VoiceSettings, narrate
from narration.sound_files import write_flac
from narration.speech import Speech

_FULL_HD = 1920 * 1080


def narrating_share(plan: dict[str, Any]) -> int:
    """Estimate the share of narration in the whole job, in percent.

    Narrating a text without a cache takes about as long as drawing it once at 1080p; both grow with the letters.
    """
    letters = sum(len(scene["text"]) for scene in plan["scenes"])
    wanted = sum(len(scene["text"]) for scene in plan["scenes"] if scene["is_wanted"])
    if not wanted:
        return 0
    pixels = sum(width * height for width, height in map(sides_of, plan["sizes"]))
    drawing = letters * pixels / _FULL_HD / (4 if plan["draft"] else 1)
    return max(1, min(95, round(100 * wanted / (wanted + drawing))))


def narrate_missing(plan: dict[str, Any], folder: Path, job: JobContext, share: int, **details: Any) -> None:
    """Narrate the scenes of ``plan`` that are marked as wanted, and save each narration to ``folder``.

    Each narration is also saved to its segment, unless the text changed meanwhile. Progress goes up to ``share``
    percent. Raises the errors of ``narrate``, and ``Stopped``.
    """
    wanted = [scene for scene in plan["scenes"] if scene["is_wanted"]]
    if not wanted:
        return
    voice_settings = voice_settings_from(plan["settings"])
    begun = time.monotonic()
    spoken_s: list[tuple[str, float]] = []
    letters, said = sum(len(scene["text"]) + 1 for scene in wanted), 0
    job.report("narrating", 0, 100, current_segment=1, narrated=0, to_narrate=len(wanted), **details)
    with ThreadPoolExecutor(max(1, min(len(wanted), os.cpu_count() or 1)), "narrator") as pool:
        spoken = {pool.submit(_speak, scene, _voice_settings_of(scene, voice_settings), job): scene for scene in wanted}
        try:
            for done, future in enumerate(as_completed(spoken), 1):
                scene = spoken[future]
                scene_voice_settings = _voice_settings_of(scene, voice_settings)
                spoken_s.append(
                    (scene_voice_settings.voice, _complete_scene(scene, future, folder, scene_voice_settings, job.by))
                )
                said += len(scene["text"]) + 1
                job.report("narrating", said * share // letters, 100, current_segment=done, narrated=done, **details)
                if job.is_stopped():
                    raise Stopped
        finally:
            for future in spoken:
                future.cancel()
    note_speech(spoken_s, time.monotonic() - begun)


def _voice_settings_of(scene: dict[str, Any], story: VoiceSettings) -> VoiceSettings:
    """Return the scene's voice settings; snapshots of older releases have no voices."""
    return replace(story, voice=scene.get("voice", story.voice))


def _speak(scene: dict[str, Any], voice_settings: VoiceSettings, job: JobContext) -> Speech:
    """Narrate in a worker thread, which must not use the database."""
    return narrate(scene["text"], voice_settings, speech_cache(), is_cancelled=job.is_stopped)


def _complete_scene(
    scene: dict[str, Any], future: Future[Speech], folder: Path, voice_settings: VoiceSettings, by: str
) -> float:
    """Put the narration into the scene. Returns its length in seconds."""
    try:
        speech = future.result()
    except NothingToSay:  # only signs: the scene is silent, and must not keep the stale narration
        scene["sound"], scene["words"] = None, []
        return 0.0
    scene["sound"] = f"{scene['id']}-again.flac"
    scene["words"] = [[w.text, w.start_s, w.end_s, w.char, w.length] for w in speech.words]
    write_flac(folder / scene["sound"], speech.samples, speech.sample_rate)
    _save_to_segment(scene, speech, voice_settings.voice, by)
    return speech.duration_s


def _save_to_segment(scene: dict[str, Any], speech: Speech, voice: str, by: str) -> None:
    try:
        save_narration(
            scene["id"],
            scene["text"],
            speech,
            digest=scene["digest"],
            voice=voice,
            by=by,
            is_first=scene["is_first"],
        )
    except StoryFlowError:
        # The segment was edited, narrated or deleted meanwhile; the film shows the snapshot anyway.
        return

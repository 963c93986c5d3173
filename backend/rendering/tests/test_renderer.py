from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from rendering.chunk_cache import ChunkCache
from rendering.encoder import VideoEncoder
from rendering.errors import NoSpaceLeft, PictureUnreadable, RenderCancelled, SoundUnreadable, SubtitleUndrawable
from rendering.film import Film
from rendering.renderer import Progress, render
from rendering.tests.making import (
    SMALL,
    a_film,
    a_plain_picture,
    a_scene,
    frames_of,
    samples_of,
    spoken,
    with_scene,
    with_subtitles,
    without_subtitles,
)
from rendering.timeline import lay_out


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_sound_and_picture_are_as_long_as_laid_out_to_the_frame(tmp_path: Path) -> None:
    film = a_film(tmp_path)
    rendered = render(film, tmp_path / "out.mp4", tmp_path / "cache")
    assert len(frames_of(rendered.path)) == rendered.frames == lay_out(film).frames
    with av.open(str(rendered.path)) as container:
        video, sound = container.streams.video[0], container.streams.audio[0]
        assert float(video.duration * video.time_base) == pytest.approx(rendered.duration_s, abs=1e-6)
        assert float(sound.duration * sound.time_base) == pytest.approx(rendered.duration_s, abs=1e-6)


def test_the_stream_is_tagged_bt709_limited_and_starts_before_its_pictures(tmp_path: Path) -> None:
    path = render(a_film(tmp_path), tmp_path / "out.mp4", tmp_path / "cache").path
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert (context.colorspace, context.color_range, context.color_primaries, context.color_trc) == (1, 1, 1, 1)
        assert container.streams.audio[0].codec_context.name == "aac"
    raw = path.read_bytes()
    assert raw.index(b"moov") < raw.index(b"mdat")


def test_any_number_of_workers_writes_the_same_bytes(tmp_path: Path) -> None:
    film = a_film(tmp_path, scenes=4)
    digests = {
        digest(render(film, tmp_path / f"{workers}.mp4", tmp_path / f"cache{workers}", workers=workers).path)
        for workers in (1, 2, 5)
    }
    assert len(digests) == 1


@pytest.mark.parametrize("size", [(160, 90), (320, 180), (540, 960), (854, 480)])
def test_the_same_frames_are_the_same_bytes_at_any_size(size: tuple[int, int]) -> None:
    def encoded() -> bytes:
        encoder = VideoEncoder(replace(SMALL, width=size[0], height=size[1]))
        noise = np.random.default_rng(1)
        for step in range(12):
            for plane in encoder.planes:
                plane[:] = np.linspace(40, 200, plane.shape[1])[None] + step + noise.integers(0, 8, plane.shape)
            encoder.take()
        return b"".join(packet.payload for packet in encoder.finish().packets)

    rubbish, seen = [], set()
    for turn in range(8):  # what the allocator hands out differs from run to run
        rubbish = [np.full(turn * 7_919 + 1_000 * n, turn * 31 + n, np.uint8) for n in range(20)] + rubbish[:30]
        seen.add(encoded())
    assert len(seen) == 1


def test_nothing_is_drawn_again_when_nothing_changed(tmp_path: Path) -> None:
    film = a_film(tmp_path)
    first = render(film, tmp_path / "out.mp4", tmp_path / "cache")
    before = digest(first.path)
    again = render(film, tmp_path / "out.mp4", tmp_path / "cache")
    assert (first.drawn, again.drawn) == (first.chunks, 0)
    assert digest(again.path) == before


def test_an_edited_sentence_redraws_only_the_chunks_that_show_it(tmp_path: Path) -> None:
    film = a_film(tmp_path, scenes=5)
    render(film, tmp_path / "out.mp4", tmp_path / "cache")
    edited = "A fig tree grew in the yard. Nobody came."
    changed = with_scene(film, 2, text=edited, words=spoken(edited))
    own = [chunk for chunk in lay_out(film).chunks if 3 in (chunk.shot.number, chunk.into and chunk.into.number)]
    rendered = render(changed, tmp_path / "out.mp4", tmp_path / "cache")
    assert 0 < rendered.drawn <= len(own)


def test_what_the_cache_gave_equals_what_a_fresh_render_draws(tmp_path: Path) -> None:
    film = a_film(tmp_path, scenes=4)
    render(film, tmp_path / "out.mp4", tmp_path / "cache")
    changed = with_scene(film, 1, **{"sound": a_scene(tmp_path, 9, seconds=3.1).sound, "words": spoken(seconds=3.1)})
    mixed = render(changed, tmp_path / "out.mp4", tmp_path / "cache")
    fresh = render(changed, tmp_path / "fresh.mp4", tmp_path / "cache2")
    assert mixed.drawn < fresh.drawn
    assert digest(mixed.path) == digest(fresh.path)


@pytest.mark.parametrize("damage", [b"", b"SFCHUNK1", b"SFCHUNK1\xff\xff\xff\xff{", None])
def test_a_damaged_chunk_is_drawn_again(tmp_path: Path, damage: bytes | None) -> None:
    film = a_film(tmp_path)
    before = digest(render(film, tmp_path / "out.mp4", tmp_path / "cache").path)
    chunk = sorted((tmp_path / "cache").glob("*/*.chunk"))[0]
    whole = chunk.read_bytes()
    chunk.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]) if damage is None else damage)
    assert digest(render(film, tmp_path / "out.mp4", tmp_path / "cache").path) == before


def test_pictures_come_out_in_their_own_colours(tmp_path: Path) -> None:
    colours = [(200, 60, 40), (30, 160, 60), (40, 70, 190)]
    scenes = tuple(
        a_scene(tmp_path, number, picture=a_plain_picture(tmp_path, colour)) for number, colour in enumerate(colours, 1)
    )
    film = without_subtitles(Film("t", scenes, SMALL))
    frames = frames_of(render(film, tmp_path / "out.mp4", tmp_path / "cache").path)
    for shot, colour in zip(lay_out(film).shots, colours, strict=True):
        middle = frames[shot.start + shot.frames // 2].reshape(-1, 3).mean(axis=0)
        assert np.abs(middle - colour).max() < 4


def test_a_crossfade_is_half_of_both_in_its_middle(tmp_path: Path) -> None:
    dark, light = a_plain_picture(tmp_path, (30, 30, 30)), a_plain_picture(tmp_path, (210, 210, 210))
    scenes = (a_scene(tmp_path, 1, picture=dark), a_scene(tmp_path, 2, picture=light))
    film = without_subtitles(Film("t", scenes, replace(SMALL, transition_s=0.5)))
    frames = frames_of(render(film, tmp_path / "out.mp4", tmp_path / "cache").path)
    joint = next(chunk for chunk in lay_out(film).chunks if chunk.into)
    levels = [float(frames[joint.start + step].mean()) for step in range(joint.frames)]
    assert levels == sorted(levels)
    assert levels[joint.frames // 2] == pytest.approx(120, abs=6)


def test_the_subtitle_is_there_while_spoken_and_nowhere_else(tmp_path: Path) -> None:
    grey = a_plain_picture(tmp_path, (90, 90, 90))
    film = Film("t", (a_scene(tmp_path, 1, picture=grey),), replace(SMALL, width=320, height=180))
    frames = frames_of(render(film, tmp_path / "out.mp4", tmp_path / "cache").path)
    shot = lay_out(film).shots[0]
    for number, frame in enumerate(frames):
        is_lettered = bool((frame[120:].max(axis=2) > 200).sum() > 20)
        assert is_lettered == (shot.cue_at(number) is not None)
        assert frame[:90].max() < 110


def test_each_narration_is_heard_at_its_place_within_eleven_milliseconds(tmp_path: Path) -> None:
    film = a_film(tmp_path)
    timeline = lay_out(film)
    samples = samples_of(render(film, tmp_path / "out.mp4", tmp_path / "cache").path)
    loud = np.abs(samples) > 0.1
    for shot in timeline.shots:
        expected = timeline.sound_sample(shot)
        heard = expected - 9600 + int(np.argmax(loud[expected - 9600 :])) if expected > 9600 else int(np.argmax(loud))
        assert abs(heard - expected) <= 512 + 20


def test_sound_between_narrations_is_silence(tmp_path: Path) -> None:
    film = a_film(tmp_path, pause_s=1.0)
    timeline = lay_out(film)
    samples = samples_of(render(film, tmp_path / "out.mp4", tmp_path / "cache").path)
    gap = timeline.sound_sample(timeline.shots[1]) - 30_000
    assert np.abs(samples[gap : gap + 20_000]).max() < 1e-3


def test_subtitle_files_stand_beside_and_go_when_switched_off(tmp_path: Path) -> None:
    film = a_film(tmp_path)
    render(film, tmp_path / "out.mp4", tmp_path / "cache")
    assert "A fig tree stood in the yard." in (tmp_path / "out.srt").read_text()
    assert (tmp_path / "out.vtt").read_text().startswith("WEBVTT\n\n")
    render(without_subtitles(film), tmp_path / "out.mp4", tmp_path / "cache")
    assert not list(tmp_path.glob("out.[sv][rt]t"))


def test_every_segment_is_a_chapter(tmp_path: Path) -> None:
    film = a_film(tmp_path)
    path = render(film, tmp_path / "out.mp4", tmp_path / "cache").path
    with av.open(str(path)) as container:
        chapters = container.chapters()
    starts = [shot.start / shot.fps for shot in lay_out(film).shots]
    assert [float(c["start"] * c["time_base"]) for c in chapters] == pytest.approx(starts, abs=0.001)
    assert chapters[0]["metadata"]["title"] == "A fig tree stood in the yard. Nobody came."


def test_progress_never_goes_back_and_ends_whole(tmp_path: Path) -> None:
    said: list[Progress] = []
    lock = threading.Lock()

    def note(progress: Progress) -> None:
        with lock:
            said.append(progress)

    rendered = render(a_film(tmp_path), tmp_path / "out.mp4", tmp_path / "cache", workers=3, report=note)
    counts = [progress.done for progress in said]
    assert counts == sorted(counts)
    assert (counts[-1], said[-1].total, said[-1].phase) == (rendered.frames, rendered.frames, "done")


def test_cancelling_keeps_the_video_before_and_what_was_drawn(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    out.write_bytes(b"the one before")
    film = a_film(tmp_path, scenes=6)
    drawn: list[int] = []
    with pytest.raises(RenderCancelled):
        render(
            film,
            out,
            tmp_path / "cache",
            workers=1,
            report=lambda progress: drawn.append(progress.done),
            is_cancelled=lambda: bool(drawn) and drawn[-1] > 60,
        )
    assert out.read_bytes() == b"the one before"
    rendered = render(film, out, tmp_path / "cache")
    assert 0 < rendered.drawn < rendered.chunks


@pytest.mark.parametrize("content", [b"", b"GIF89a", None])
def test_a_picture_that_cannot_be_read_is_named_and_the_video_before_stays(
    tmp_path: Path, content: bytes | None
) -> None:
    film = a_film(tmp_path)
    out = tmp_path / "out.mp4"
    out.write_bytes(b"the one before")
    picture = film.scenes[1].picture
    assert picture
    if content is None:
        picture.path.unlink()
    else:
        picture.path.write_bytes(content)
    with pytest.raises(PictureUnreadable, match=picture.path.name):
        render(film, out, tmp_path / "cache")
    assert out.read_bytes() == b"the one before"
    assert not list(tmp_path.glob("*.part"))


def test_a_narration_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    film = a_film(tmp_path)
    sound = film.scenes[0].sound
    assert sound
    sound.path.write_bytes(b"RIFF nonsense")
    with pytest.raises(SoundUnreadable, match=sound.path.name):
        render(film, tmp_path / "out.mp4", tmp_path / "cache")


def test_a_picture_of_one_pixel_fills_the_frame(tmp_path: Path) -> None:
    picture = a_plain_picture(tmp_path, (10, 200, 30), size=(1, 1))
    film = without_subtitles(with_scene(a_film(tmp_path, scenes=1), 0, picture=picture))
    frame = frames_of(render(film, tmp_path / "out.mp4", tmp_path / "cache").path)[3]
    assert np.abs(frame.reshape(-1, 3).mean(axis=0) - (10, 200, 30)).max() < 4


def test_letters_no_font_has_are_refused_before_anything_is_drawn(tmp_path: Path) -> None:
    text = "她说 hello"
    film = with_scene(a_film(tmp_path), 1, text=text, words=spoken(text))
    with pytest.raises(SubtitleUndrawable, match="她"):
        render(film, tmp_path / "out.mp4", tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*/*"))
    assert render(without_subtitles(film), tmp_path / "out.mp4", tmp_path / "cache").drawn


def test_emoji_are_left_out_of_the_picture_but_stay_in_the_subtitle_file(tmp_path: Path) -> None:
    text = "🍇 Figs 👩‍🌾 grow"
    film = with_scene(a_film(tmp_path, scenes=1), 0, text=text, words=spoken(text))
    render(film, tmp_path / "out.mp4", tmp_path / "cache")
    assert "🍇 Figs" in (tmp_path / "out.srt").read_text()


@pytest.mark.parametrize("style", ["outline", "box"])
@pytest.mark.parametrize("place", ["top", "middle", "bottom"])
def test_every_style_and_place_changes_the_picture(tmp_path: Path, style: str, place: str) -> None:
    film = a_film(tmp_path, scenes=1)
    plain = digest(render(without_subtitles(film), tmp_path / "plain.mp4", tmp_path / "cache").path)
    styled = digest(render(with_subtitles(film, style=style, place=place), tmp_path / "s.mp4", tmp_path / "cache").path)
    assert styled != plain


def test_a_disk_without_room_for_the_cache_is_a_sentence_and_leaves_nothing_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: ChunkCache, key: str, chunk: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ChunkCache, "put", full)
    (tmp_path / "out.mp4").write_bytes(b"the one before")
    with pytest.raises(NoSpaceLeft, match="disk is full"):
        render(a_film(tmp_path), tmp_path / "out.mp4", tmp_path / "cache")
    assert (tmp_path / "out.mp4").read_bytes() == b"the one before"


def test_the_cache_stays_within_its_limit_but_keeps_what_this_film_uses(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    render(a_film(tmp_path), tmp_path / "a.mp4", cache, cache_bytes=0)
    mine = {path.name for path in cache.glob("*/*")}
    other = a_film(tmp_path, scenes=1, zoom=1.5)
    render(other, tmp_path / "b.mp4", cache, cache_bytes=0)
    left = {path.name for path in cache.glob("*/*")}
    assert left
    assert len(left & mine) <= 2  # the sound both share
    assert render(other, tmp_path / "b.mp4", cache).drawn == 0

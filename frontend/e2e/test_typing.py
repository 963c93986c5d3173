"""Typing in a story of two thousand segments: no letter is lost, and how long each takes is written down."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import CDPSession, Page, expect

from storyflow.tests.live import comes_to

Story = Callable[..., int]
Texts = Callable[[int], list[str]]

LONG = 2_000
FIGURES = Path(__file__).parent / "shots" / "typing.json"
SENTENCE = "The quick brown fox jumps over the lazy dog, again and again, until the lamp goes out. "
PAUSE_MS = 900  # long enough for what was typed to be saved in between, which is when the whole story is looked at
BETWEEN_KEYS_MS = 25

# For each key, until the frame that shows it has been handed over.
WATCH = """() => {
  window.shownMs = [];
  document.addEventListener("keydown", () => {
    const began = performance.now();
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.shownMs.push(performance.now() - began);
      channel.port2.postMessage(0);
    });
  }, { capture: true });
}"""
OWN_WORK = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")


def percentile(values: list[float], share: float) -> float:
    return round(sorted(values)[min(len(values) - 1, int(share * len(values)))], 1)


def own_work_ms(devtools: CDPSession) -> float:
    """Script, style and layout of the page since it was opened."""
    metrics = {it["name"]: it["value"] for it in devtools.send("Performance.getMetrics")["metrics"]}
    return float(sum(metrics[name] for name in OWN_WORK) * 1000)


def test_every_letter_arrives_in_a_story_of_two_thousand_segments(page: Page, story: Story, texts_of: Texts) -> None:
    project = story(*(f"Segment {number} of a very long story, with a few words in it." for number in range(LONG)))
    page.goto(f"/projects/{project}")
    expect(page.get_by_text("2,000 segments")).to_be_visible()
    assert page.locator("li.seg").count() < 40
    page.get_by_role("listitem", name="Segment 1", exact=True).focus()
    page.keyboard.press("End")
    last = page.get_by_role("textbox", name="Narration of segment 2000", exact=True)
    last.click()
    page.keyboard.press("ControlOrMeta+a")
    page.evaluate(WATCH)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")
    before = own_work_ms(devtools)
    for _ in range(3):
        page.keyboard.type(SENTENCE, delay=BETWEEN_KEYS_MS)
        page.wait_for_timeout(PAUSE_MS)
    page.keyboard.type(SENTENCE)  # and once as fast as the browser takes it
    typed = SENTENCE * 4
    expect(last).to_have_value(typed)
    own_ms = own_work_ms(devtools) - before
    expect(page.get_by_text("All changes saved")).to_be_visible()
    comes_to(lambda: texts_of(project)[-1], typed.strip())
    shown = page.evaluate("window.shownMs")
    FIGURES.parent.mkdir(exist_ok=True)
    found = {
        "segments": LONG,
        "keys": len(typed),
        # With every save in between; the rest of a frame is the browser's own, without a graphics card most of it.
        "own_work_per_key_ms": round(own_ms / len(typed), 1),
        # From the key to the next frame; the wait for the screen's next one is up to 17 ms of it.
        "shown_p50_ms": percentile(shown, 0.5),
        "shown_p95_ms": percentile(shown, 0.95),
    }
    FIGURES.write_text(json.dumps(found, indent=2) + "\n")
    sys.stdout.write(f"\n{json.dumps(found)}\n")

"""Splitting a segment in two."""

from __future__ import annotations

from api.models import Segment
from filming.tests.writing import EDIT_LOCKED, GARBAGE, WritingTestCase
from media_store.models import AuditEntry

TEXT = "The old house stood empty."


class SplitTests(WritingTestCase):
    def test_the_first_keeps_all_but_the_rest_of_the_text_which_stands_behind_it(self) -> None:
        self.give_pictures()
        self.narrate_all()
        first = self.segments[0]
        self.client.patch(f"/api/segments/{first.pk}/", {"image_prompt": "A house"}, format="json")
        self.choose(first, motion="pan-left", fit="contain")
        before = self.story()

        answer = self.split(first, 13)

        assert answer.status_code == 200, answer.content
        after = self.story()
        assert [row["id"] for row in answer.json()["segments"]] == [row[0] for row in after[:2]]
        assert self.texts() == ["The old house", "stood empty.", "Nobody came.", "Then the door moved."]
        assert after[0] == (before[0][0], "The old house", *before[0][2:])
        plain = {"focus": [0.5, 0.5], "motion": "auto", "fit": None}
        assert after[1][1:] == ("stood empty.", "", None, None, None, False, plain)
        assert after[2:] == before[1:]
        assert self.client.get(f"/api/segments/{first.pk}/words/").json()["stale"] is True
        self.assert_clean()

    def test_both_are_read_by_the_same_voice_and_the_silence_stays_behind_the_end(self) -> None:
        self.choose(self.segments[0], voice="heart", pause_s=2)

        first, second = self.split(self.segments[0], 13).json()["segments"]

        assert (self.own(first["id"])["voice"], self.own(second["id"])["voice"]) == ("heart", "heart")
        assert "pause_s" not in self.own(first["id"])
        assert self.own(second["id"])["pause_s"] == 2

    def test_the_joined_old_text_takes_it_back_to_the_last_choice_and_the_narration_is_fresh_again(self) -> None:
        self.give_pictures()
        self.narrate_all()
        self.choose(self.segments[0], voice=None, pause_s=1.5, motion="still")
        before = self.story()
        second = self.split(self.segments[0], 4).json()["segments"][1]["id"]

        assert self.merge(second, {"text_content": TEXT}).status_code == 200

        assert self.story() == before
        assert self.client.get(f"/api/segments/{self.segments[0].pk}/words/").json()["stale"] is False
        self.assert_clean()

    def test_it_counts_characters_not_bytes_or_halves_of_them(self) -> None:
        text = "Käse 🏚️ ist da. Und 𝔘nd 日本語。"
        for at in range(1, len(text)):
            Segment.objects.filter(pk=self.segments[0].pk).update(text_content=text)
            answer = self.split(self.segments[0], at)
            first, second = text[:at].rstrip(), text[at:].lstrip()
            assert [row["text_content"] for row in answer.json()["segments"]] == [first, second]
            self.client.delete(f"/api/segments/{answer.json()['segments'][1]['id']}/")

    def test_a_blank_or_line_break_at_the_cut_belongs_to_neither(self) -> None:
        for gap in (" ", "\n", "\n\n", "\r\n", " \t "):
            Segment.objects.filter(pk=self.segments[0].pk).update(text_content=f"One.{gap}Two.")
            for at in range(4, 5 + len(gap)):
                answer = self.split(self.segments[0], at).json()["segments"]
                assert [row["text_content"] for row in answer] == ["One.", "Two."]
                self.merge(answer[1]["id"], {"text_content": f"One.{gap}Two."})

    def test_a_place_without_text_on_both_sides_is_refused_with_nothing_changed(self) -> None:
        Segment.objects.filter(pk=self.segments[0].pk).update(text_content="  Ab  ")
        before = self.state()
        for at in (*GARBAGE, 1, 2, 4, 5, 6, 7, 10**6):
            if at != 3:
                answer = self.split(self.segments[0], at)
                assert (answer.status_code, list(answer.json()["details"])) == (400, ["at"]), at
        for body in (None, [], "x", 3, {}):
            assert self.act(self.segments[0], "split", body).status_code == 400, body
        assert self.state() == before

    def test_a_locked_one_is_refused_before_anything_else_is_looked_at(self) -> None:
        self.lock(self.segments[0])
        before = self.state()
        for at in (5, None):
            answer = self.split(self.segments[0], at)
            assert (answer.status_code, answer.json()) == (400, EDIT_LOCKED)
        assert self.state() == before

    def test_what_is_not_there_is_404(self) -> None:
        for pk in ("999999", "0", "x", str(10**40), "-1", "1.5"):
            assert self.send("POST", f"/api/segments/{pk}/split/", {"at": 3}).status_code == 404

    def test_another_version_than_the_one_meant_is_412_with_the_present_one(self) -> None:
        stale = self.etag(self.segments[0])
        self.client.patch(f"/api/segments/{self.segments[0].pk}/", {"text_content": "Other words."}, format="json")
        before = self.state()

        answer = self.split(self.segments[0], 5, If_Match=stale)

        assert (answer.status_code, answer.json()["details"]["text_content"]) == (412, "Other words.")
        assert self.state() == before
        assert self.split(self.segments[0], 5, If_Match=self.etag(self.segments[0])).status_code == 200

    def test_gaps_and_twins_in_the_order_keep_it(self) -> None:
        """A deletion leaves a gap; a hand may have written two of one position."""
        for positions in ((0, 1, 2), (0, 5, 9), (3, 3, 3), (0, 0, 1), (2, 4, 4)):
            for segment, position in zip(self.segments, positions, strict=True):
                Segment.objects.filter(pk=segment.pk).update(sequence_index=position)
            for number in range(3):
                row = self.fresh(number)
                expected = self.texts()
                new = self.split(row, 3).json()["segments"][1]
                expected[number : number + 1] = [row.text_content[:3], row.text_content[3:].strip()]
                assert self.texts() == expected, positions
                self.merge(new["id"], {"text_content": row.text_content})

    def test_the_audit_says_who_split_what(self) -> None:
        second = self.split(self.segments[0], 5).json()["segments"][1]["id"]
        row = AuditEntry.objects.get(act="split")
        assert (row.kind, row.record, row.group) == ("segment", str(self.segments[0].pk), f"projects/{self.project.pk}")
        assert row.note == f"into segment {second}"

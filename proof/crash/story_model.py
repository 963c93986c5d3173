"""The model for random histories: the expected effect of every request, on plain dictionaries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MISSING = "MISSING"
Rows = tuple[Any, ...]


@dataclass(frozen=True, order=True)
class Thrown:
    """A trash entry: the bytes that it holds, and the rows that a restore creates."""

    kind: str
    record: str
    pictures: tuple[str, ...]
    rows: Rows = ()


@dataclass
class Story:
    """The state of the model. A picture is a digest, None, or `MISSING` if the row's file is missing."""

    projects: dict[int, str] = field(default_factory=dict)
    segments: dict[int, dict[str, Any]] = field(default_factory=dict)
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    trash: list[Thrown] = field(default_factory=list)

    def seen(self) -> dict[str, Any]:
        return {"projects": self.projects, "segments": self.segments, "items": self.items, "trash": sorted(self.trash)}

    # Each method returns the status that the API should return.

    def give(self, segment_id: int, picture: str) -> int:
        if segment_id not in self.segments:
            return 404
        segment = self.segments[segment_id]
        if segment["locked"]:
            return 400
        self._throw("image", segment_id, segment["picture"])
        segment["picture"] = picture
        return 200

    def lend(self, item_id: str, segment_id: int) -> int:
        if segment_id not in self.segments:
            return 404
        if self.segments[segment_id]["locked"]:
            return 400
        picture = self.items[item_id]["picture"] if item_id in self.items else MISSING
        if picture == MISSING:
            return 404
        return self.give(segment_id, picture) if picture else 400

    def remove(self, segment_id: int) -> int:
        if segment_id not in self.segments:
            return 404
        segment = self.segments[segment_id]
        if segment["locked"] or segment["picture"] is None:
            return 400
        self._throw("image", segment_id, segment["picture"])
        segment["picture"] = None
        return 200

    def swap(self, segment_id: int, other_id: int) -> int:
        if segment_id not in self.segments:
            return 404
        if self.segments[segment_id]["locked"] or segment_id == other_id:
            return 400
        if other_id not in self.segments:
            return 404
        one, other = self.segments[segment_id], self.segments[other_id]
        if other["locked"] or one["project"] != other["project"] or not (one["picture"] or other["picture"]):
            return 400
        one["picture"], other["picture"] = other["picture"], one["picture"]
        return 200

    def lock(self, segment_id: int, *, is_locked: bool) -> int:
        if segment_id not in self.segments:
            return 404
        self.segments[segment_id]["locked"] = is_locked
        return 200

    def delete_segment(self, segment_id: int) -> int:
        if segment_id not in self.segments:
            return 404
        segment = self.segments.pop(segment_id)
        self.trash.append(Thrown("segment", str(segment_id), _there(segment["picture"]), (_row(segment_id, segment),)))
        return 204

    def delete_project(self, project_id: int) -> int:
        if project_id not in self.projects:
            return 404
        gone = {pk: segment for pk, segment in self.segments.items() if segment["project"] == project_id}
        for pk in gone:
            del self.segments[pk]
        pictures = sorted(picture for segment in gone.values() for picture in _there(segment["picture"]))
        rows = (self.projects.pop(project_id), *sorted(_row(pk, segment) for pk, segment in gone.items()))
        self.trash.append(Thrown("project", str(project_id), tuple(pictures), rows))
        return 204

    def give_item(self, item_id: str, picture: str) -> int:
        if item_id not in self.items:
            return 404
        self._throw("item-image", item_id, self.items[item_id]["picture"])
        self.items[item_id]["picture"] = picture
        return 201

    def remove_from_item(self, item_id: str) -> int:
        if item_id not in self.items or self.items[item_id]["picture"] is None:
            return 404
        self._throw("item-image", item_id, self.items[item_id]["picture"])
        self.items[item_id]["picture"] = None
        return 200

    def delete_item(self, item_id: str) -> int:
        if item_id not in self.items:
            return 404
        item = self.items.pop(item_id)
        self.trash.append(Thrown("item", item_id, _there(item["picture"]), (item["name"],)))
        return 200

    def purge(self, thrown: Thrown) -> int:
        self.trash.remove(thrown)
        return 204

    def restore(self, thrown: Thrown, target: int | None = None) -> int:
        verb = {"image": self._picture_back, "item-image": self._item_picture_back, "item": self._item_back}
        verb |= {"segment": self._segment_back, "project": self._project_back}
        status = self._picture_back(thrown, target) if target is not None else verb[thrown.kind](thrown)
        if status == 200:
            self.trash.remove(thrown)
        return status

    def _picture_back(self, thrown: Thrown, target: int | None = None) -> int:
        segment_id = target or int(thrown.record)
        if segment_id not in self.segments:
            return 404 if target else 409
        return self.give(segment_id, thrown.pictures[0])

    def _item_picture_back(self, thrown: Thrown) -> int:
        return 200 if self.give_item(thrown.record, thrown.pictures[0]) == 201 else 409

    def _item_back(self, thrown: Thrown) -> int:
        self.items[thrown.record] = {"name": thrown.rows[0], "picture": next(iter(thrown.pictures), None)}
        return 200

    def _segment_back(self, thrown: Thrown) -> int:
        pk, project, position, text, locked, _ = thrown.rows[0]
        if project not in self.projects:
            return 409
        beside = [segment for segment in self.segments.values() if segment["project"] == project]
        if any(segment["position"] == position for segment in beside):
            for segment in beside:
                segment["position"] += segment["position"] >= position
        picture = next(iter(thrown.pictures), None)
        self.segments[pk] = _segment(project, position, text, locked, picture)
        return 200

    def _project_back(self, thrown: Thrown) -> int:
        title, *rows = thrown.rows
        self.projects[int(thrown.record)] = title
        for pk, *columns in rows:
            picture = columns[-1]
            # The row is restored as it was, even if its file was missing.
            self.segments[pk] = _segment(*columns[:-1], picture)
        return 200

    def _throw(self, kind: str, record: object, picture: str | None) -> None:
        if _there(picture):
            self.trash.append(Thrown(kind, str(record), _there(picture)))


def _there(picture: str | None) -> tuple[str, ...]:
    return () if picture in (None, MISSING) else (str(picture),)


def _segment(project: int, position: int, text: str, locked: bool, picture: str | None) -> dict[str, Any]:
    return {"project": project, "position": position, "text": text, "locked": locked, "picture": picture}


def _row(pk: int, segment: dict[str, Any]) -> Rows:
    return (pk, *segment.values())

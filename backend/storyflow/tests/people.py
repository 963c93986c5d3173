"""Users with accounts and objects, for the permission tests."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.tokens import create_token
from filming.models import Render
from jobs.models import Job
from storyflow.tests.live import jpeg

PASSWORD = "three figs, one towel"


def a_user(name: str, *, is_administrator: bool = False, password: str | None = None) -> User:
    user = User(username=name, is_superuser=is_administrator)
    user.set_password(password)
    user.save()
    return user


class Person(Client):
    """A test client that is signed in as a new user. Its CSRF token is not checked."""

    def __init__(self, name: str, *, is_administrator: bool = False) -> None:
        super().__init__()
        self.user = a_user(name, is_administrator=is_administrator)
        self.force_login(self.user)

    def call(self, method: str, url: str, body: Any = None) -> Any:
        return self.generic(method, url, json.dumps(body), content_type="application/json")

    def bearer(self, *, days: int = 1) -> dict[str, str]:
        return {"Authorization": f"Bearer {create_token(self.user, days=days)[1]}"}


def a_picture(name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(), content_type="image/jpeg")


class Household:
    """One object of every kind, created by one user through the APIs, some of them in the trash."""

    def __init__(self, owner: Person) -> None:
        story = {"format": "json", "title": "Mine", "segments": [{"text_content": text} for text in ("a", "b", "c")]}
        project = owner.call("POST", "/api/projects/import/", story).json()
        self.project = project["id"]
        self.segments = [segment["id"] for segment in project["segments"]]
        for segment in self.segments[:2]:
            answer = owner.post(f"/api/segments/{segment}/upload-image/", {"image": a_picture()})
            assert answer.status_code == 200, answer.content
        self.picture = answer.json()["image_file"]
        owner.delete(f"/api/segments/{self.segments[0]}/remove-image/")
        self.entry = owner.get("/api/trash/").json()[0]["id"]
        render = {"project": self.project, "segments": 3}
        self.task = str(Job.objects.create(kind="render", subject=f"projects/{self.project}", payload=render).pk)
        self.batch = "a-run"
        facts = {"batch": self.batch, "sha256": "", "size_bytes": 1, "width": 2, "height": 2, "fps": 30}
        facts |= {"frames": 1, "duration_s": 1}
        self.video = Render.objects.create(project_id=self.project, video="projects/0/output/a.mp4", **facts).pk
        made = owner.call("POST", "/api/v1/items", {"name": "Lantern", "category": "Light"}).json()
        self.item = made["data"]["id"]
        answer = owner.post(f"/api/v1/items/{self.item}/image", {"image": a_picture("lantern.jpg")})
        self.item_picture = answer.json()["data"]["imageUrl"]

"""Serving the web client: one page at each of its URLs, immutable assets, and JSON elsewhere."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.test import Client

from storyflow import web_client
from storyflow.tests.live import running

pytestmark = pytest.mark.django_db
HTML = {"accept": "text/html,application/xhtml+xml"}
PAGE = '<!doctype html><html lang="en"><script type="module" src="/assets/a-12345678.js"></script></html>'
ADDRESSES = ["/", "/projects/7", "/projects/7/video", "/items", "/items/5f0c", "/trash", "/settings"]


@pytest.fixture
def built(settings: object, tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text(PAGE)
    settings.WEB_CLIENT = tmp_path  # type: ignore[attr-defined]
    return tmp_path


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_of_its_addresses_answers_with_the_page(address: str, built: Path) -> None:
    answer = Client().get(address, headers=HTML)
    assert (answer.status_code, answer.content.decode()) == (200, PAGE)
    assert answer["Content-Type"].startswith("text/html")
    assert answer["Cache-Control"] == "no-cache"


def test_the_page_may_run_only_scripts_of_its_own(built: Path) -> None:
    policy = Client().get("/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("address", ["/api/nothing/", "/api/v1/nothing", "/media/a.jpg", "/uploads/b.jpg"])
def test_unknown_addresses_of_the_doors_stay_json(address: str, built: Path) -> None:
    answer = Client().get(address, headers=HTML)
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("application/json")


def test_an_unknown_address_shows_a_person_the_page_and_a_program_a_sentence(built: Path) -> None:
    person, program = Client().get("/novels", headers=HTML), Client().get("/novels")
    assert (person.status_code, person.content.decode()) == (404, PAGE)
    assert (program.status_code, program.json()) == (404, {"error": "There is nothing at this address."})


def test_without_a_built_client_it_says_how_to_build_it(settings: object, tmp_path: Path) -> None:
    settings.WEB_CLIENT = tmp_path  # type: ignore[attr-defined]
    answer = Client().get("/")
    assert answer.status_code == 503
    assert "make web" in answer.content.decode()


def test_only_files_named_by_their_content_are_kept_for_ever() -> None:
    assert web_client.is_hashed("", "/assets/index-DfG3_x-1.js")
    assert not web_client.is_hashed("", "/index.html")
    assert not web_client.is_hashed("", "/theme.js")
    assert not web_client.is_hashed("", "/static/drf_spectacular_sidecar/swagger-12345678.js")


def test_the_running_server_hands_out_page_and_assets_without_signing_in(tmp_path: Path) -> None:
    if not (web_client_folder() / "index.html").is_file():
        pytest.skip("The web client is not built; `make web` builds it.")
    asset = next(file for file in (web_client_folder() / "assets").iterdir() if file.suffix == ".js")
    with running(tmp_path, STORYFLOW_ACCOUNTS="true") as server:
        client = server.client()
        assert client.call("GET", "/")[0] == 200
        client.connection.request("GET", f"/assets/{asset.name}")
        answer = client.connection.getresponse()
        content = answer.read()
        assert client.call("GET", "/api/projects/")[0] == 401
    assert content == asset.read_bytes()
    assert "immutable" in str(answer.getheader("Cache-Control"))


def test_assets_are_sent_as_small_as_the_browser_takes_them(tmp_path: Path) -> None:
    if not (web_client_folder() / "index.html").is_file():
        pytest.skip("The web client is not built; `make web` builds it.")
    asset = max((web_client_folder() / "assets").glob("*.js"), key=lambda file: file.stat().st_size)
    sizes = {}
    with running(tmp_path) as server:
        for encoding in ("br", "gzip", "identity"):
            connection = server.client().connection
            connection.request("GET", f"/assets/{asset.name}", headers={"Accept-Encoding": encoding})
            answer = connection.getresponse()
            content = answer.read()
            assert answer.getheader("Content-Encoding", "identity") == encoding
            assert "Accept-Encoding" in str(answer.getheader("Vary"))
            sizes[encoding] = len(content)
            if encoding == "gzip":
                assert gzip.decompress(content) == asset.read_bytes()
    assert sizes["br"] < sizes["gzip"] < sizes["identity"] / 2


def web_client_folder() -> Path:
    return Path(__file__).resolve().parents[3] / "frontend" / "dist"

"""Reading the environment: defaults, every variable, and the error sentences."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import ConfigurationError
from storyflow.environment import read_environment
from storyflow.secrets import secret_key

FONT = Path(__file__).parents[2] / "rendering" / "fonts" / "StoryFlowSubtitles-Bold.ttf"


def test_without_any_variable_it_listens_on_this_machine_only() -> None:
    environment = read_environment({})
    assert (environment.host, environment.port, environment.is_loopback) == ("127.0.0.1", 8000, True)
    assert environment.data_dir.name == "data"
    assert environment.trash_days == 30


def test_every_variable_is_read(tmp_path: Path) -> None:
    environment = read_environment(
        {
            "STORYFLOW_DATA_DIR": str(tmp_path),
            "STORYFLOW_HOST": "192.168.1.5",
            "STORYFLOW_PORT": "9000",
            "STORYFLOW_ALLOWED_HOSTS": "Story.example,other",
            "STORYFLOW_ALLOWED_ORIGINS": "http://localhost:5173",
            "STORYFLOW_TOKEN": "secret",
            "STORYFLOW_TRASH_DAYS": "7",
            "STORYFLOW_KEEP_METADATA": "on",
            "STORYFLOW_ACCOUNTS": "true",
            "STORYFLOW_RATE_LIMITS": "false",
            "STORYFLOW_PROCESSES": "3",
            "STORYFLOW_THREADS": "4",
            "STORYFLOW_WORKERS": "2",
            "STORYFLOW_SUBTITLE_FONT": str(FONT),
            "STORYFLOW_SPEECH_URL": "http://localhost:8880/",
            "STORYFLOW_SPEECH_KEY": "key",
            "STORYFLOW_SPEECH_MODEL": "kokoro",
            "STORYFLOW_SPEECH_VOICES": "alloy,nova",
            "STORYFLOW_EXAMPLE": "false",
            "STORYFLOW_DEBUG": "yes",
            "STORYFLOW_LOG_LEVEL": "debug",
        }
    )
    assert environment.__dict__ == {
        "data_dir": tmp_path,
        "host": "192.168.1.5",
        "port": 9000,
        "allowed_hosts": ("story.example", "other"),
        "allowed_origins": ("http://localhost:5173",),
        "token": "secret",
        "trash_days": 7,
        "keep_metadata": True,
        "accounts": True,
        "rate_limits": False,
        "processes": 3,
        "threads": 4,
        "workers": 2,
        "subtitle_font": FONT,
        "speech_url": "http://localhost:8880",
        "speech_key": "key",
        "speech_model": "kokoro",
        "speech_voices": ("alloy", "nova"),
        "example": False,
        "debug": True,
        "log_level": "DEBUG",
    }


def test_port_is_understood_too_and_the_longer_name_wins() -> None:
    assert read_environment({"PORT": "9001"}).port == 9001
    assert read_environment({"PORT": "9001", "STORYFLOW_PORT": "9002"}).port == 9002


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("STORYFLOW_PORT", "0"),
        ("STORYFLOW_PORT", "65536"),
        ("STORYFLOW_TRASH_DAYS", "-1"),
        ("STORYFLOW_TRASH_DAYS", "a month"),
        ("STORYFLOW_THREADS", "0"),
        ("STORYFLOW_ACCOUNTS", "ture"),
        ("STORYFLOW_RATE_LIMITS", "enabled"),
        ("STORYFLOW_KEEP_METADATA", "2"),
        ("STORYFLOW_DEBUG", "nope"),
        ("STORYFLOW_LOG_LEVEL", "LOUD"),
        ("STORYFLOW_DATA_DIR", __file__),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        read_environment({name: value})


@pytest.mark.parametrize(
    ("value", "is_on"),
    [("true", True), (" ON ", True), ("Yes", True), ("1", True), ("FALSE", False), ("off", False), ("", False)],
)
def test_a_switch_is_on_or_off_in_any_capitals(value: str, is_on: bool) -> None:
    assert read_environment({"STORYFLOW_ACCOUNTS": value}).accounts is is_on


def test_limits_are_on_where_others_can_reach_it_unless_told_otherwise() -> None:
    assert read_environment({}).rate_limits is False
    assert read_environment({"STORYFLOW_HOST": "0.0.0.0"}).rate_limits is True
    assert read_environment({"STORYFLOW_HOST": "0.0.0.0", "STORYFLOW_RATE_LIMITS": "off"}).rate_limits is False


@pytest.mark.parametrize(
    ("host", "is_loopback", "names"),
    [
        ("localhost", True, ["localhost"]),
        ("::1", True, ["[::1]"]),
        ("127.0.0.2", True, ["127.0.0.2"]),
        ("0.0.0.0", False, []),
        ("FD00::1", False, ["[fd00::1]"]),
        ("example.org", False, ["example.org"]),
    ],
)
def test_a_host_is_loopback_or_not_and_has_its_names(host: str, is_loopback: bool, names: list[str]) -> None:
    environment = read_environment({"STORYFLOW_HOST": host})
    assert (environment.is_loopback, environment.own_names) == (is_loopback, names)


def test_the_secret_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    made = secret_key(tmp_path)
    assert len(made) >= 50
    assert secret_key(tmp_path) == made
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_a_secret_key_that_a_crash_left_empty_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "secret-key").touch()
    assert secret_key(tmp_path)
    assert secret_key(tmp_path) == (tmp_path / "secret-key").read_text()


def test_an_address_others_can_reach_is_refused_without_a_token(tmp_path: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "cli.main", "serve"],
        env={**os.environ, "STORYFLOW_HOST": "0.0.0.0", "STORYFLOW_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert process.returncode == 1
    assert "STORYFLOW_TOKEN" in process.stderr
    assert "Traceback" not in process.stderr

"""The only reader of the process environment. It returns typed, checked values."""

from __future__ import annotations

import ipaddress
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environ import Env

from core.errors import ConfigurationError

PREFIX = "STORYFLOW_"
PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parents[1]
# Otherwise it is installed from a wheel, which has the web client and the examples in this package (pyproject.toml).
IS_CHECKOUT = (ROOT / "pyproject.toml").is_file()
KINDS = {"str": "text", "int": "a whole number", "list": "a list"}
SWITCHES = {"true": True, "on": True, "yes": True, "1": True, "false": False, "off": False, "no": False, "0": False}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True)
class Environment:
    """All settings of the environment, checked. The table in the README lists them with their defaults."""

    data_dir: Path
    host: str
    port: int
    allowed_hosts: tuple[str, ...]
    allowed_origins: tuple[str, ...]
    token: str
    trash_days: int
    keep_metadata: bool
    accounts: bool
    rate_limits: bool
    processes: int
    threads: int
    workers: int
    subtitle_font: Path | None
    speech_url: str
    speech_key: str
    speech_model: str
    speech_voices: tuple[str, ...]
    example: bool
    debug: bool
    log_level: str

    @property
    def own_names(self) -> list[str]:
        """The Host names that this address stands for; none for 0.0.0.0 and ::, which mean every address."""
        if self.host in ("0.0.0.0", "::"):  # noqa: S104 - comparing, not binding
            return []
        return [f"[{self.host.lower()}]" if ":" in self.host else self.host.lower()]

    @property
    def is_loopback(self) -> bool:
        return _is_loopback(self.host)


def read_environment(variables: dict[str, str] | None = None) -> Environment:
    """Read the ``STORYFLOW_…`` variables and ``PORT`` from the process environment, or from ``variables``.

    Raises ``ConfigurationError``, which names the variable.
    """
    source = Env()
    if variables is not None:
        source.ENVIRON = variables
    port_name = "PORT" if "PORT" in source.ENVIRON and PREFIX + "PORT" not in source.ENVIRON else PREFIX + "PORT"
    host = str(_value(source, "str", PREFIX + "HOST", "127.0.0.1")).strip("[]")
    return Environment(
        data_dir=_folder(source),
        host=host,
        port=_whole_number(source, port_name, default=8000, low=1, high=65535),
        allowed_hosts=tuple(name.lower() for name in _value(source, "list", PREFIX + "ALLOWED_HOSTS", [])),
        allowed_origins=tuple(_value(source, "list", PREFIX + "ALLOWED_ORIGINS", [])),
        token=_value(source, "str", PREFIX + "TOKEN", ""),
        trash_days=_whole_number(source, PREFIX + "TRASH_DAYS", default=30, low=0, high=3650),
        keep_metadata=_switch(source, PREFIX + "KEEP_METADATA", default=False),
        accounts=_switch(source, PREFIX + "ACCOUNTS", default=False),
        rate_limits=_switch(source, PREFIX + "RATE_LIMITS", default=not _is_loopback(host)),
        processes=_whole_number(source, PREFIX + "PROCESSES", default=min(2, _cores()), low=1, high=16),
        threads=_whole_number(source, PREFIX + "THREADS", default=16, low=1, high=256),
        workers=_whole_number(source, PREFIX + "WORKERS", default=1, low=0, high=16),
        subtitle_font=_file(source, PREFIX + "SUBTITLE_FONT"),
        speech_url=_web_address(source, PREFIX + "SPEECH_URL"),
        speech_key=_value(source, "str", PREFIX + "SPEECH_KEY", "none"),
        speech_model=_value(source, "str", PREFIX + "SPEECH_MODEL", "tts-1"),
        speech_voices=tuple(_value(source, "list", PREFIX + "SPEECH_VOICES", ["alloy"])),
        example=_switch(source, PREFIX + "EXAMPLE", default=True),
        debug=_switch(source, PREFIX + "DEBUG", default=False),
        log_level=_one_of(source, PREFIX + "LOG_LEVEL", LOG_LEVELS, default="INFO"),
    )


def _cores() -> int:
    """Return the number of cores that this process may use, which can be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _value(source: Env, kind: str, name: str, default: Any) -> Any:
    try:
        return getattr(source, kind)(name, default=default)
    except (ValueError, ImproperlyConfigured) as exc:
        raise ConfigurationError(f"{name} is not usable: {source.ENVIRON.get(name)!r} is not {KINDS[kind]}.") from exc


def _folder(source: Env) -> Path:
    name = PREFIX + "DATA_DIR"
    given = _value(source, "str", name, "")
    folder = Path(given).expanduser() if given else _usual_folder()
    if folder.exists() and not folder.is_dir():
        raise ConfigurationError(f"{name} is not usable: {folder} is a file, not a folder.")
    return folder.resolve()


def _usual_folder() -> Path:
    """Return ``data`` in the folder of a checkout, or the operating system's folder for user data."""
    if IS_CHECKOUT:
        return ROOT / "data"
    if sys.platform == "darwin":
        return Path("~/Library/Application Support/StoryFlow").expanduser()
    return Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "storyflow"


def _file(source: Env, name: str) -> Path | None:
    given = _value(source, "str", name, "")
    if not given:
        return None
    path = Path(given).expanduser()
    if not path.is_file():
        raise ConfigurationError(f"{name} is not usable: there is no file {path}.")
    return path.resolve()


def _web_address(source: Env, name: str) -> str:
    given = str(_value(source, "str", name, ""))
    if given and not given.startswith(("http://", "https://")):
        raise ConfigurationError(f"{name} must begin with http:// or https://; it is {given!r}.")
    return given.rstrip("/")


def _whole_number(source: Env, name: str, *, default: int, low: int, high: int) -> int:
    number: int = _value(source, "int", name, default)
    if not low <= number <= high:
        raise ConfigurationError(f"{name} must be a whole number from {low} to {high}; it is {number}.")
    return number


def _switch(source: Env, name: str, *, default: bool) -> bool:
    """Read a boolean. An unrecognised value is an error: a typo must never switch a protection off."""
    word = str(_value(source, "str", name, "")).strip().lower()
    if word and word not in SWITCHES:
        raise ConfigurationError(f"{name} must be true or false; it is {word}.")
    return SWITCHES.get(word, default)


def _one_of(source: Env, name: str, choices: tuple[str, ...], *, default: str) -> str:
    choice = str(_value(source, "str", name, default)).upper()
    if choice not in choices:
        raise ConfigurationError(f"{name} must be one of {', '.join(choices)}; it is {choice}.")
    return choice

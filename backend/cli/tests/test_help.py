"""Help: it is fast, and covers every command, option and argument."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version

import click
import pytest

from cli.main import storyflow
from cli.tests.terminal import BACKEND, Terminal


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found, name
            yield from commands(found, f"{path} {name}")


COMMANDS = dict(commands(storyflow, "storyflow"))


def test_the_walk_meets_every_command() -> None:
    assert set(COMMANDS) == {
        "storyflow",
        "storyflow make",
        "storyflow serve",
        "storyflow work",
        "storyflow import",
        "storyflow export",
        "storyflow segment",
        "storyflow segment list",
        "storyflow segment split",
        "storyflow segment merge",
        "storyflow segment duplicate",
        "storyflow segment set",
        "storyflow narrate",
        "storyflow render",
        "storyflow voices",
        "storyflow trash",
        "storyflow trash list",
        "storyflow trash restore",
        "storyflow trash empty",
        "storyflow audit",
        "storyflow user",
        "storyflow user add",
        "storyflow user list",
        "storyflow user password",
        "storyflow user disable",
        "storyflow user enable",
        "storyflow user give",
        "storyflow token",
        "storyflow token create",
        "storyflow token list",
        "storyflow token revoke",
        "storyflow doctor",
    }


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_says_what_it_does(path: str) -> None:
    assert COMMANDS[path].help, f"`{path}` needs a docstring"


@pytest.mark.parametrize("path", COMMANDS)
def test_every_option_and_argument_is_explained(path: str) -> None:
    command = COMMANDS[path]
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"`{path} {parameter.opts[0]}` needs help="
        else:
            # An argument may be explained in the command's own text, where it stands in capitals.
            name = parameter.make_metavar(click.Context(command))
            assert parameter.help or name in (command.help or ""), f"the help of `{path}` must say what {name} is"


@pytest.mark.parametrize("path", COMMANDS)
def test_help_answers_without_loading_django(path: str) -> None:
    process = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "cli.main", *path.split()[1:], "--help"],
        cwd=BACKEND,
        capture_output=True,
        text=True,
        timeout=60,
    )
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in process.stderr.splitlines()}
    assert process.returncode == 0
    assert process.stdout.startswith(f"Usage: {path} ")
    assert "click" in loaded
    assert not loaded & {"django", "rest_framework", "PIL"}


def test_the_version_is_the_package_s(terminal: Terminal) -> None:
    ran = terminal.run("--version")
    assert (ran.code, ran.output) == (0, f"storyflow, version {version('storyflow')}\n")


@pytest.mark.parametrize("arguments", [[], ["trash"]])
def test_a_command_that_is_not_finished_gets_the_help(arguments: list[str], terminal: Terminal) -> None:
    ran = terminal.run(*arguments)
    assert ran.code == 2
    assert "Commands:" in ran.errors


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["impot"], "impot"),
        (["import"], "FILE"),
        (["doctor", "--fast"], "--fast"),
        (["trash", "restore", "first"], "ENTRY"),
        (["trash", "list", "--project", "0"], "--project"),
    ],
)
def test_a_wrong_command_line_is_refused_by_name(arguments: list[str], named: str, terminal: Terminal) -> None:
    ran = terminal.run(*arguments)
    assert (ran.code, ran.output) == (2, "")
    assert named in ran.errors

"""The `storyflow` command group, and the start and the error output of all its subcommands."""

from __future__ import annotations

import importlib
import io
import os
import sys
from typing import Any

import click

COMMANDS = {
    "make": "cli.make:make",
    "serve": "cli.serve:serve",
    "work": "cli.work:work",
    "import": "cli.story:import_story",
    "export": "cli.bundle:export",
    "segment": "cli.segment:segment",
    "narrate": "cli.narrate:narrate",
    "render": "cli.render:render",
    "voices": "cli.voices:voices",
    "trash": "cli.trash:trash",
    "audit": "cli.audit:audit",
    "user": "cli.user:user",
    "token": "cli.token:token",
    "doctor": "cli.doctor:doctor",
}

EPILOG = (
    "Exit codes: 0 done; 1 not done, and the sentence says why; 2 the command line is wrong; "
    "3 doctor found something to look at; 130 stopped by you."
)


# The error code of an engine that was cancelled. In a command, only Ctrl-C cancels.
CANCELLED = "CANCELLED"
PARSE_ERROR = "PARSE_ERROR"
HOW_TO_WRITE = (
    "Write each segment as a line “Text: what is narrated” and, if you like, a line “Prompt: what the picture shows”, "
    "with a line of --- between two segments."
)


class LazyGroup(click.Group):
    """A command group that imports a subcommand only when it is used, so that help is shown without loading Django."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="storyflow", prog_name="storyflow")
def storyflow() -> None:
    """Turn a written story into a narrated video, on this machine."""


def start_django() -> None:
    """Load Django's settings and apps. Commands call it after they have checked their arguments."""
    import django  # noqa: PLC0415 - imported late on purpose

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storyflow.settings")
    django.setup()


def main(arguments: list[str] | None = None) -> None:
    """Run the command. Prints a ``StoryFlowError`` on stderr and exits with 1; exits with 130 after Ctrl-C."""
    from core.errors import StoryFlowError  # noqa: PLC0415

    # A file name can contain bytes that are not UTF-8; printing it must not stop the command.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code: Any = storyflow.main(args=arguments, prog_name="storyflow", standalone_mode=False)
    except click.ClickException as exc:
        exc.show()
        sys.exit(exc.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except StoryFlowError as exc:
        if exc.code == CANCELLED:
            click.echo("Stopped.", err=True)
            sys.exit(130)
        click.secho(f"storyflow: {exc.message}", err=True, fg="red")
        for line in _lines(exc.details):
            click.echo(f"  {line}", err=True)
        if exc.code == PARSE_ERROR:
            click.echo(f"  {HOW_TO_WRITE}", err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _lines(details: Any) -> list[str]:
    if not details:
        return []
    if isinstance(details, dict):
        return [f"{name}: {text}" for name, texts in details.items() for text in _lines(texts)]
    return [str(item) for item in details] if isinstance(details, list | tuple) else [str(details)]


if __name__ == "__main__":
    main()

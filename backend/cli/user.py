"""`storyflow user`: manage accounts and the ownership of projects and items."""

from __future__ import annotations

import json
import sys

import click
from rich.console import Console
from rich.table import Table

from cli.main import start_django
from cli.trash import things

PASSWORD_STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from the first line of input.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.group()
def user() -> None:
    """Add, list, disable users, and give them what is theirs.

    Accounts are asked for when StoryFlow runs with STORYFLOW_ACCOUNTS=true.
    """


@user.command()
@click.argument("name")
@click.option("--administrator", is_flag=True, help="They see and may change everything.")
@PASSWORD_STDIN
@JSON
def add(name: str, administrator: bool, password_stdin: bool, as_json: bool) -> None:
    """Add a user called NAME; the password is asked for."""
    open_accounts()
    from accounts.users import add_user  # noqa: PLC0415 - needs Django

    made = add_user(name, _password(password_stdin), is_administrator=administrator)
    _print_result(
        {"id": made.pk, "name": name, "is_administrator": administrator}, f"{name} can sign in.", as_json=as_json
    )


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the users as JSON.")
def list_users(as_json: bool) -> None:
    """Show every user."""
    open_accounts()
    from accounts.users import user_rows  # noqa: PLC0415 - needs Django

    rows = user_rows()
    if as_json:
        click.echo(json.dumps(rows, default=str))
        return
    if not rows:
        click.echo("There is no user yet. `storyflow user add NAME` makes one.")
        return
    table = Table(box=None, header_style="bold")
    for column in ("id", "name", "", "last signed in"):
        table.add_column(column)
    for row in rows:
        marks = [word for word in ("administrator", "disabled") if row[_FLAGS[word]] is (word == "administrator")]
        when = f"{row['signed_in_at']:%Y-%m-%d %H:%M}" if row["signed_in_at"] else "never"
        table.add_row(str(row["id"]), row["name"], ", ".join(marks), when)
    Console().print(table)


_FLAGS = {"administrator": "is_administrator", "disabled": "is_active"}


@user.command()
@click.argument("name")
@PASSWORD_STDIN
@JSON
def password(name: str, password_stdin: bool, as_json: bool) -> None:
    """Give NAME another password; it ends their sessions, not their tokens."""
    open_accounts()
    from accounts.users import change_password, user_named  # noqa: PLC0415 - needs Django

    user_named(name)
    change_password(name, _password(password_stdin))
    _print_result(
        {"name": name}, f"{name} has another password; whoever was signed in as {name} no longer is.", as_json=as_json
    )


@user.command()
@click.argument("name")
@JSON
def disable(name: str, as_json: bool) -> None:
    """Refuse NAME from now on, sessions and tokens included; what is theirs stays theirs."""
    _enable(name, is_active=False, as_json=as_json)


@user.command()
@click.argument("name")
@JSON
def enable(name: str, as_json: bool) -> None:
    """Let NAME in again."""
    _enable(name, is_active=True, as_json=as_json)


@user.command()
@click.argument("name")
@click.option("--project", type=click.IntRange(min=1), multiple=True, help="A project's id; may be repeated.")
@click.option("--item", type=click.UUID, multiple=True, help="An item's id; may be repeated.")
@click.option("--unowned", is_flag=True, help="Every project and item that belongs to nobody yet.")
@JSON
def give(name: str, project: tuple[int, ...], item: tuple[object, ...], unowned: bool, as_json: bool) -> None:
    """Make projects and items NAME's, whosever they were, with what of them is in the trash."""
    if not (project or item or unowned):
        raise click.UsageError("Say what to give: --project, --item or --unowned.")
    open_accounts()
    from storyflow.ownership_transfer import transfer_ownership  # noqa: PLC0415 - needs Django

    given = transfer_ownership(name, projects=project, items=item, is_unowned=unowned)
    _print_result({"name": name, "given": given}, f"{things(given)} given to {name}.", as_json=as_json)


def open_accounts() -> None:
    start_django()
    from storyflow.start_up import open_store_beside_server  # noqa: PLC0415 - needs Django

    open_store_beside_server()


def _enable(name: str, *, is_active: bool, as_json: bool) -> None:
    open_accounts()
    from accounts.users import enable_user  # noqa: PLC0415 - needs Django

    enable_user(name, is_active=is_active)
    result = "can sign in" if is_active else "is refused from now on"
    _print_result({"name": name, "is_active": is_active}, f"{name} {result}.", as_json=as_json)


def _password(is_from_stdin: bool) -> str:
    """Read the password, but never from an argument: every user of the machine can read the arguments of a process."""
    if not is_from_stdin:
        entered: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return entered
    try:
        line: bytes = sys.stdin.buffer.readline()
        return line.decode().rstrip("\r\n")
    except UnicodeDecodeError as exc:
        raise click.UsageError("The password of the input is not text in UTF-8.") from exc


def _print_result(result: dict[str, object], sentence: str, *, as_json: bool) -> None:
    click.echo(json.dumps(result) if as_json else sentence)

"""`storyflow token`: create, list and revoke access tokens."""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.table import Table

from cli.trash import shown
from cli.user import open_accounts


@click.group()
def token() -> None:
    """Create, list and revoke tokens: what programs send as `Authorization: Bearer`."""


@token.command()
@click.argument("name")
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True, help="How long it is good for.")
@click.option("--label", default="", help="What it is for, so that you know it in the list.")
@click.option("--json", "as_json", is_flag=True, help="Print the token as JSON.")
def create(name: str, days: int, label: str, as_json: bool) -> None:
    """Make a token for the user NAME. It is shown once; only a digest of it is kept."""
    open_accounts()
    from accounts.tokens import create_token  # noqa: PLC0415 - needs Django
    from accounts.users import user_named  # noqa: PLC0415

    row, text = create_token(user_named(name), days=days, label=label)
    if as_json:
        click.echo(json.dumps({"id": row.pk, "user": name, "token": text, "expires_at": row.expires_at.isoformat()}))
        return
    click.echo(text)
    click.echo(f"Token {row.pk} of {name}, until {row.expires_at:%Y-%m-%d}. It is not shown again.", err=True)


@token.command("list")
@click.option("--user", "name", help="Only those of this user.")
@click.option("--json", "as_json", is_flag=True, help="Print the tokens as JSON.")
def list_tokens(name: str | None, as_json: bool) -> None:
    """Show every token that was made, newest first; never the token itself."""
    open_accounts()
    from accounts.tokens import token_rows  # noqa: PLC0415 - needs Django
    from accounts.users import user_named  # noqa: PLC0415

    rows = token_rows(user_named(name) if name else None)
    if as_json:
        click.echo(json.dumps(rows, default=str))
        return
    if not rows:
        click.echo("There is no token yet. `storyflow token create NAME` makes one.")
        return
    table = Table(box=None, header_style="bold")
    for column in ("id", "user", "for", "state", "until"):
        table.add_column(column)
    for row in rows:
        until = f"{row['expires_at']:%Y-%m-%d}"
        table.add_row(str(row["id"]), row["user"], shown(row["label"]), row["state"], until)
    Console().print(table)


@token.command()
@click.argument("token_id", metavar="TOKEN", type=click.IntRange(min=1))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def revoke(token_id: int, as_json: bool) -> None:
    """Refuse TOKEN (an id of `token list`) from now on."""
    open_accounts()
    from accounts.tokens import revoke_token  # noqa: PLC0415 - needs Django

    revoke_token(token_id)
    click.echo(json.dumps({"id": token_id}) if as_json else f"Token {token_id} is refused from now on.")

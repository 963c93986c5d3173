"""`storyflow doctor`: check data folder, database, files and free disk space."""

from __future__ import annotations

import json

import click

from cli.main import start_django

FOUND_SOMETHING = 3


@click.command()
@click.option("--adopt", is_flag=True, help="Declare that this data folder and this database belong together.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(adopt: bool, as_json: bool) -> int:
    """Check the data folder: identity, pragmas, missing files, orphans, free space.

    Finishes what a crash left and moves files that belong to no record into the trash; deletes nothing. Exit code 3
    when there is something to look at.
    """
    start_django()
    from storyflow.health import run_checks  # noqa: PLC0415 - needs Django

    findings = run_checks(adopt=adopt)
    if as_json:
        click.echo(json.dumps([finding.__dict__ for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            mark = click.style("ok  ", fg="green") if finding.is_ok else click.style("look", fg="yellow")
            click.echo(f"{mark} {finding.what}: {finding.found}")
            for place in finding.places[:20]:
                click.echo(f"       {place}")
    return 0 if all(finding.is_ok for finding in findings) else FOUND_SOMETHING

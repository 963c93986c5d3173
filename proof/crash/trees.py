"""Recovery of hostile folders: a wrong root, an incomplete backup, files of other programs, names like the store's.

A process that prints one JSON object. Every tree comes from a seed. Recovery may move files and may refuse, but:

* every file that was there is still somewhere below the root, except those that a person deleted for good and those
  that an uncommitted operation had staged; in a refused tree every file is still in its place;
* no row is missing, and no row of an API's table has changed;
* nothing outside the root is changed, whatever links lead there;
* recovery raises only its own refusal, and a second recovery changes nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
from collections import Counter
from pathlib import Path
from typing import Any

from proof.crash.hostile_trees import GROWTH, Tree, half_a_backup, identities
from proof.crash.process import start

SECONDS_FOR_ONE = 5


def listing(root: Path) -> dict[str, bytes]:
    """Every regular file by its path, never following a link."""
    return {
        os.path.join(parent, name): Path(parent, name).read_bytes()
        for parent, _, names in os.walk(root)
        for name in names
        if (path := Path(parent, name)).is_file() and not path.is_symlink()
    }


def owned_files(tree: Tree) -> list[str]:
    """Return the paths of the files of rows, except those that recovery may put back."""
    from media_store.layout import quote_place

    moved = {name.partition("~")[2] for name in os.listdir(tree.layout.trash)}
    places = [place for place in tree.places if quote_place(place) not in moved and not tree.layout.link_above(place)]
    files = map(tree.layout.live, places)
    return [str(path) for path in files if path.is_file() and not path.is_symlink()]


def printable(path: str, root: Path) -> str:
    return repr(os.path.relpath(path, root))


def rows() -> dict[str, dict[Any, Any]]:
    from django.apps import apps

    models = [model for app in ("api", "items", "media_store") for model in apps.get_app_config(app).get_models()]
    return {
        model._meta.label: {
            row.pk: [getattr(row, column.attname) for column in model._meta.concrete_fields]
            for row in model._default_manager.all()
        }
        for model in models
    }


class Proof:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.outcomes: Counter[str] = Counter()
        self.violations: list[str] = []
        self.points = 0

    def one(self, seed: str) -> None:
        from django.conf import settings

        chance = random.Random(seed)
        root, outside = self.folder / "root", self.folder / "outside"
        for path in (root, outside):
            shutil.rmtree(path, ignore_errors=True)
        outside.mkdir(parents=True)
        (outside / "theirs.jpg").write_bytes(b"theirs")
        settings.MEDIA_ROOT, settings.UPLOADS_ROOT = root / "media", root / "uploads"
        clear_rows()
        tree = Tree(root, outside, chance)
        tree.layout.ensure()
        for grow in chance.choices(GROWTH, k=chance.randint(2, 8)):
            grow(tree)
        which = identities(tree)
        must_refuse = which in ("wrong root", "wrong database", "unreadable", "a folder")
        if chance.random() < 0.25:
            half_a_backup(tree)
            which += ", half a backup"
        self.points += 1
        words = f"tree {seed} ({which})"
        outcome = self.recovered(tree, words)
        if must_refuse and outcome != "refused":
            self.violations.append(f"{words}: recovery took it for its own")
        self.outcomes[outcome] += 1

    def recovered(self, tree: Tree, words: str) -> str:
        files, before, owned = listing(tree.root), rows(), owned_files(tree)
        theirs = (listing(tree.outside), sorted(tree.outside.rglob("*")))
        outcome = self.recover(words)
        after = listing(tree.root)
        kept = set(after.values()) | tree.may_go
        # What is no byte of the tree's own is only ours: lock, identity, ballast.
        lost = [path for path, content in files.items() if content.startswith(b"byte") and content not in kept]
        self.violations += [f"{words}: lost the bytes of {printable(path, tree.root)}" for path in lost]
        gone = [path for path in owned if after.get(path) != files[path]]
        self.violations += [f"{words}: took {printable(path, tree.root)} from the row that owns it" for path in gone]
        if outcome == "refused" and any(after.get(path) != content for path, content in files.items()):
            self.violations.append(f"{words}: refused, and yet something moved")
        now = rows()
        for table, old in before.items():
            is_ours = table.startswith("media_store")
            wrong = [pk for pk, row in old.items() if pk not in now[table] or (not is_ours and now[table][pk] != row)]
            self.violations += [f"{words}: row {pk} of {table} is gone or changed" for pk in wrong]
        if (listing(tree.outside), sorted(tree.outside.rglob("*"))) != theirs:
            self.violations.append(f"{words}: something outside was touched")
        if outcome == "recovered":
            self.recover(words)
            if listing(tree.root) != after:
                self.violations.append(f"{words}: the second recovery moved something")
        return outcome

    def recover(self, words: str) -> str:
        from media_store.errors import StoreMismatch
        from media_store.recovery import recover

        signal.alarm(SECONDS_FOR_ONE)
        try:
            recover()
        except StoreMismatch:
            return "refused"
        except Exception as exc:
            self.violations.append(f"{words}: recovery raised {exc!r}")
            return "raised"
        finally:
            signal.alarm(0)
        return "recovered"


def clear_rows() -> None:
    from django.db import connection, transaction

    from api.models import Project

    tables = ("api_segment", "api_project", "items_item", "media_trash_file", "media_trash", "media_audit", "media_op")
    known = set(connection.introspection.table_names())
    with transaction.atomic(), connection.cursor() as cursor:
        for table in (*tables, "media_store_identity"):
            assert table in known or table.startswith(("api", "items")), table
            if table in known:
                cursor.execute(f"DELETE FROM {table}")
        Project.objects.create(pk=1, title="A story")


def give_up(*_: Any) -> None:
    raise RuntimeError("still waiting, perhaps for somebody to write to a pipe")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--trees", type=int, default=1000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--mutant")
    options = parser.parse_args()
    start(options.mutant)
    import logging

    logging.disable()
    from django.conf import settings
    from django.core.management import call_command

    signal.signal(signal.SIGALRM, give_up)
    call_command("migrate", verbosity=0)
    proof = Proof(Path(settings.DATA_DIR, "trees"))
    for number in range(options.trees):
        proof.one(f"{options.seed}.{number}")
    print(json.dumps({"points": proof.points, "outcomes": proof.outcomes, "violations": proof.violations}))


if __name__ == "__main__":
    main()

"""Django's secret key: created once, stored in the data folder, readable by its owner only."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key

from core.errors import ConfigurationError


def secret_key(data_dir: Path) -> str:
    """Return the key in ``data_dir/secret-key``. The first start creates it.

    Raises ``ConfigurationError`` if the data folder cannot be created or written.
    """
    path = data_dir / "secret-key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o750)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            kept = path.read_text().strip()
            if kept:
                return kept
            # A crash between creating and writing left the file empty; nothing was ever signed with this key.
            descriptor = os.open(path, os.O_WRONLY | os.O_TRUNC)
        with os.fdopen(descriptor, "w") as file:
            file.write(made := get_random_secret_key())
            file.flush()
            os.fsync(file.fileno())
    except (OSError, UnicodeDecodeError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else "its secret-key is damaged"
        raise ConfigurationError(
            f"The data folder {data_dir} cannot be used ({reason}). "
            "Give it to the user StoryFlow runs as, or set STORYFLOW_DATA_DIR to another folder."
        ) from exc
    return made

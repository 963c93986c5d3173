"""What other programs, other systems and accidents leave in a folder."""

from __future__ import annotations

import os
import random
import socket
from pathlib import Path

FOREIGN_NAMES = [
    ".DS_Store",
    "._1_fig.jpg",
    "Thumbs.db",
    "desktop.ini",
    "@eaDir/SYNOPHOTO_THUMB_M.jpg",
    ".Trash-1000/files/x.jpg",
    "lost+found/#1234",
    ".~lock.x#",
    ".nfs000000000001",
    "x.jpg.part",
    "x (conflicted copy).jpg",
    "CON",
]
ODD_NAMES = [
    "a\nb.jpg",
    "a\\b.jpg",
    "100%.jpg",
    "%2F.jpg",
    "%252F.jpg",
    "~.jpg",
    "caf\u00e9.jpg",
    "cafe\u0301.jpg",
    "\U0001f332.jpg",
    " .jpg",
    "-rf",
    "x'\";DROP TABLE media_op;--.jpg",
    "\udcff\udcfe.jpg",
    "n" * 200 + ".jpg",
]
_HEX = "0123456789abcdef" * 2
NEARLY_OURS = [
    _HEX.upper() + "~media%2Fx.jpg",
    _HEX[:-1] + "~media%2Fx.jpg",
    _HEX + "0~media%2Fx.jpg",
    _HEX,
    _HEX + "~",
    _HEX + "~~",
    _HEX + "~..%2F..%2Fx.jpg",
    _HEX + "~media%2F..%2F..%2Fx.jpg",
    _HEX + "~other%2Fx.jpg",
    _HEX + "~media",
    _HEX + "~media%2F",
    _HEX + "~%2Fetc%2Fpasswd",
    _HEX + "~media%2F\udcff.jpg",
    "~media%2Fx.jpg",
    _HEX + "\n~media%2Fx.jpg",
    "store-id",
]


def special_file(path: Path, chance: random.Random) -> None:
    """Create a named pipe or a socket; opening it without care would block."""
    if chance.random() < 0.5:
        os.mkfifo(path)
        return
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.open(path.parent, os.O_RDONLY)
        try:
            listening.bind(f"/proc/self/fd/{here}/{path.name}")
        finally:
            os.close(here)

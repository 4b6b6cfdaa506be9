"""Who signed in and who changed what: `audit.jsonl` in the index folder, a JSON object a line.

No questions, no text of articles, no passwords. For the owner of the folder alone; at `LARGEST`
bytes the file becomes `audit.jsonl.1`, in place of the one before.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FILE = "audit.jsonl"
LARGEST = 5_000_000
_LONGEST = 500  # characters of a target
_TARGETS = 1000  # named in one line; how many more there are is said

logger = logging.getLogger(__name__)
_writing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Who:
    """A user, empty where nobody has to sign in, and the address that he came from."""

    user: str = ""
    client: str = ""


def record(
    folder: Path, who: Who, action: str, targets: Sequence[str] = (), *, done: bool = True
) -> None:
    """Write a line: when (UTC), who, what, to which files, and whether it was done.

    Where the disk refuses it the server's log says so: what was done is not undone for it.
    """
    entry: dict[str, object] = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "user": who.user,
        "client": who.client,
        "action": action,
        "done": done,
    }
    if targets:
        entry["targets"] = [target[:_LONGEST] for target in targets[:_TARGETS]]
    if len(targets) > _TARGETS:
        entry["more"] = len(targets) - _TARGETS
    line = json.dumps(entry).encode() + b"\n"  # in ASCII: no character of a name ends a line
    try:
        with _writing:
            _append(folder / FILE, line)
    except OSError:
        logger.exception("%s cannot be written; not recorded: %s", folder / FILE, line)


def _append(path: Path, line: bytes) -> None:
    if path.exists() and path.stat().st_size + len(line) > LARGEST:
        os.replace(path, path.with_name(f"{FILE}.1"))
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    with open(os.open(path, flags, 0o600), "ab", buffering=0) as file:
        file.write(line)

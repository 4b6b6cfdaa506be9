"""Byline as a process of its own, and an index without one."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import which

ROOT = Path(__file__).parents[2]
# Root may read everything: without these rights it is refused what others are.
_AS_OTHERS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")


def byline(
    *arguments: str | bytes | Path, cwd: Path, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run one command to its end, without the rights that only root has."""
    return subprocess.run(
        command(*arguments),
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environ or {})},
        capture_output=True,
        timeout=180,
        check=False,
    )


def command(*arguments: str | bytes | Path) -> Sequence[str | bytes | Path]:
    is_root = os.geteuid() == 0 and which("setpriv") is not None
    return [*(_AS_OTHERS if is_root else ()), sys.executable, "-m", "rag", *arguments]


def write(file: Path, what: str) -> None:
    """An article about `what`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{what} shut\n\nThe {what} was shut at noon on Friday, said Ada Fenwick.\n")

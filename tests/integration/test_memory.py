"""What a process keeps of ingests that are over."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INGESTS = """
import sys
from pathlib import Path
from rag.commands.memory import keep_little

keep_little()
from rag.pipeline import ingest
from rag.resources import open_resources
from rag.settings import Settings


def resident() -> int:
    rows = Path("/proc/self/status").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("RssAnon")) // 1024


folder = Path(sys.argv[1])
with open_resources(Settings(index=folder / "index"), create=True) as opened:
    for number in range(15):
        story = f"Ferry {number} was late by {number} minutes on Friday, said its mate."
        (folder / "articles" / "ferry.txt").write_text(f"Ferry late\\n\\n{story}\\n")
        ingest(folder / "articles", opened)
        if number == 0:
            before = resident()
    print(resident() - before)
"""


def test_ingests_leave_little_behind(tmp_path: Path) -> None:
    """Each has threads of its own, whose memory glibc kept: 14 left 93 MB."""
    if not Path("/proc/self/status").is_file():
        pytest.skip("needs Linux's /proc")
    (tmp_path / "articles").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", INGESTS, str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) < 50  # MB

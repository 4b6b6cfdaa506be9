"""The wheel, installed where there is nothing of ours, in a folder with an app.py of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILT_FROM = ("rag", "vectorstore", "prompts", "app.py", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that nothing is left in the checkout."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in BUILT_FROM:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, source / name)
    # Without isolation: the build's own tools come from this environment, not from the network.
    command = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(out)]
    subprocess.run([sys.executable, *command, str(source)], check=True)
    return next(out.glob("byline-*.whl"))


def test_a_wheel_brings_two_packages_and_nothing_else_at_top_level(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"rag", "vectorstore"}
    data = {"rag/prompts/answer.md", "rag/text/lexicon/synonyms.toml", "rag/web/static/chat.js"}
    assert {*data, "rag/py.typed", "rag/web/html/templates/answers.html"} <= set(names)


def test_an_installed_byline_minds_no_files_of_the_users(wheel: Path, tmp_path: Path) -> None:
    python = tmp_path / "env" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "env")], check=True)
    # What Byline needs is taken from this environment, by a path: two gigabytes are not copied.
    site = next((tmp_path / "env" / "lib").glob("python*/site-packages"))
    (site / "needed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    install = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([python, *install], check=True)
    work = tmp_path / "work"
    (work / "articles").mkdir(parents=True)
    for name in ("app.py", "prompts.py", "tests.py"):
        (work / name).write_text("raise SystemExit('a file of the user was run')", encoding="utf-8")
    text = "Quay shut\n\nThe Gull Post, 3 May 2024\n\nThe quay was shut on Friday for 12 days.\n"
    (work / "articles" / "a.txt").write_text(text, encoding="utf-8")
    outside = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}

    def byline(*arguments: str) -> str:
        ran = subprocess.run(
            [python, "-m", "rag", *arguments],
            cwd=work,
            env=outside,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    assert "1 added" in byline("ingest", "articles")
    answered = json.loads(byline("ask", "For how many days was the quay shut?", "--json"))
    assert answered["status"] == "answered"
    assert "12 days" in answered["answer"]

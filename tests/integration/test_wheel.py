"""The wheel and the sdist: built once, looked through, installed where there is nothing of ours."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.integration.programs import INITIALIZE, call

ROOT = Path(__file__).parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
IGNORED = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines()]
MADE = ("PKG-INFO", "setup.cfg", "byline.egg-info/")  # by the build, beside the sources
QUESTION = "For how many days was the quay shut?"


def run(
    python: Path | str, *arguments: str | Path, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run a Python that finds nothing of this checkout by itself, to its good end."""
    outside = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    ran = subprocess.run(
        [python, *arguments], cwd=cwd, env=outside, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository: nothing is left in the checkout."""
    copy = tmp_path_factory.mktemp("source") / "byline"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", *IGNORED))
    return copy


@pytest.fixture(scope="module")
def built(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sdist and of the wheel that is built from it."""
    out = tmp_path_factory.mktemp("dist")
    # Without isolation: the build's own tools come from this environment, not from the network.
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, source, cwd=out)
    assert sorted(path.name for path in out.iterdir()) == [
        f"byline-{VERSION}-py3-none-any.whl",
        f"byline-{VERSION}.tar.gz",
    ]
    return out


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    return next(built.glob("*.whl"))


@pytest.fixture(scope="module")
def unpacked(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / f"byline-{VERSION}"


def files(folder: Path) -> list[str]:
    found = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()]
    return sorted(name for name in found if not name.startswith(MADE))


def test_the_sdist_is_the_repository(source: Path, unpacked: Path) -> None:
    assert files(unpacked) == files(source)
    weights = [path.name for path in unpacked.rglob("*.safetensors")]
    assert weights == ["model.safetensors"]


def test_the_sdist_tests_itself(unpacked: Path) -> None:
    tests = ["tests/unit/test_packaging.py", "tests/unit/test_documentation.py"]
    pytests = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "not commands_are_commands")
    ran = run(sys.executable, *pytests, *tests, cwd=unpacked)
    assert " passed" in ran.stdout


def test_a_registry_would_take_them(built: Path) -> None:
    run(sys.executable, "-m", "twine", "check", "--strict", *sorted(built.iterdir()))


def test_the_wheel_holds_what_a_wheel_holds(wheel: Path) -> None:
    run(sys.executable, "-m", "check_wheel_contents", wheel)  # as pyproject.toml sets it


def test_a_wheel_brings_two_packages_and_nothing_else_at_top_level(
    wheel: Path, source: Path
) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    held = {name for name in names if ".dist-info/" not in name}
    of_repository = {name for name in files(source) if name.startswith(("rag/", "vectorstore/"))}
    prompts = {f"rag/{name}" for name in files(source) if name.startswith("prompts/")}
    assert held == of_repository | prompts


# --- installed


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `byline` of an environment of its own, which takes what it needs from this one."""
    env = tmp_path_factory.mktemp("env")
    run(sys.executable, "-m", "venv", "--without-pip", env)
    # By their paths: two gigabytes are not copied.
    here = "\n".join(path for path in sys.path if Path(path).name == "site-packages")
    site = next((env / "lib").glob("python*/site-packages"))
    (site / "needed.pth").write_text(here, encoding="utf-8")
    pip = ("-m", "pip", "--python", env / "bin" / "python", "install")
    run(sys.executable, *pip, "--quiet", "--no-deps", "--no-index", wheel, cwd=env)
    return env / "bin" / "byline"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder with articles, and with modules of the user's under names of ours."""
    (tmp_path / "articles").mkdir()
    for name in ("app.py", "prompts.py", "tests.py"):
        (tmp_path / name).write_text("raise SystemExit('a file of the user was run')")
    text = "Quay shut\n\nThe Gull Post, 3 May 2024\n\nThe quay was shut on Friday for 12 days.\n"
    (tmp_path / "articles" / "a.txt").write_text(text, encoding="utf-8")
    return tmp_path


def test_an_installed_byline_minds_no_files_of_the_users(installed: Path, work: Path) -> None:
    python = installed.with_name("python")
    assert "1 added" in run(python, "-m", "rag", "ingest", "articles", cwd=work).stdout
    answered = json.loads(run(python, "-m", "rag", "ask", QUESTION, "--json", cwd=work).stdout)
    assert answered["status"] == "answered"
    assert "12 days" in answered["answer"]


@contextmanager
def serving(byline: Path, folder: Path) -> Iterator[str]:
    """The address of `byline serve FOLDER`, started as its user starts it."""
    outside = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    command = [byline, "serve", folder, "--port", "0"]
    with (
        (folder.parent / "log.txt").open("w+") as log,
        subprocess.Popen(
            command, cwd=folder.parent, env=outside, stdout=subprocess.PIPE, stderr=log, text=True
        ) as server,
    ):
        try:
            line = ""
            while not line.startswith("Byline is ready: "):
                assert server.stdout is not None
                line = server.stdout.readline()
                assert line, (folder.parent / "log.txt").read_text()
            yield line.removeprefix("Byline is ready: ").strip()
        finally:
            server.send_signal(signal.SIGINT)
        assert server.wait() == 0


def test_it_serves_and_says_one_version(installed: Path, work: Path) -> None:
    with serving(installed, work / "articles") as address:
        got: Any = call(address, "/api/v1/ask", {"question": QUESTION}).json
        described = call(address, "/api/v1/openapi.json").json["info"]["version"]
        accepts = "application/json, text/event-stream"
        spoken = call(address, "/mcp", INITIALIZE, Accept=accepts).body.decode()
    assert got["status"] == "answered"
    assert got["citations"][0]["url"].startswith(f"{address}/a/")
    assert described == VERSION
    said = json.loads(spoken.partition("data: ")[2])["result"]["serverInfo"]
    assert said == {"name": "byline", "version": VERSION} | said
    assert run(installed, "--version", cwd=work).stdout == f"byline {VERSION}\n"

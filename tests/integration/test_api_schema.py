"""The API asked what its own description allows, and what it does not: schemathesis, bounded."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rag.web.api import tokens
from tests.forked import ROOT
from tests.integration.programs import served
from vectorstore.beside import InFolder

EXAMPLES = 8  # made up for each operation, beside those at the edges of each parameter
# What a schema cannot say (which words are a date) may be refused all the same.
SAID = ("--exclude-path-regex", "^/ingest", "--exclude-checks", "positive_data_acceptance")
# In a form all is text, whatever its type; and a queue of ingests that is full says so by 503.
LAX = "positive_data_acceptance,negative_data_rejection,not_a_server_error"
FORMS = ("--include-path-regex", "^/ingest", "--exclude-checks", LAX)


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a description, and a token."""
    folder = tmp_path_factory.mktemp("described")
    few = ROOT / "tests" / "fixtures" / "articles"
    # Answers take less than over the samples, and by search alone; their form is the same.
    given = {"BYLINE_RERANKER": "none", "BYLINE_AUTH": "ada:right", "BYLINE_CALLS": "1000"}
    with served(folder, few, **given) as address:
        kept, today = InFolder(folder / "index"), datetime.now(UTC).date()
        token = tokens.made(kept, "tool", ["read", "add"], today)
        yield f"{address}/api/v1/openapi.json", token


@pytest.mark.parametrize("which", [SAID, FORMS], ids=["said", "forms"])
def test_each_operation_keeps_to_its_description(
    described: tuple[str, str], which: tuple[str, ...], tmp_path: Path
) -> None:
    address, token = described
    arguments = [
        "run", address, "--header", f"Authorization: Bearer {token}", *which,
        "--max-examples", str(EXAMPLES), "--phases", "examples,coverage,fuzzing",
        "--generation-deterministic", "--no-shrink", "--continue-on-failure",
        "--suppress-health-check", "all", "--no-color",
    ]  # fmt: skip
    run = subprocess.run(
        [str(Path(sys.executable).with_name("schemathesis")), *arguments],
        capture_output=True, text=True, cwd=tmp_path, timeout=300,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-2_000:]

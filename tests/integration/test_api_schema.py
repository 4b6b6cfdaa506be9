"""The API asked what its own description allows, and what it does not: schemathesis, bounded."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from rag.web.api import tokens
from tests.integration.programs import served

EXAMPLES = 15  # made up for each operation, beside those at the edges of each parameter
SECONDS = 60  # for what is made up


def test_each_operation_keeps_to_its_description(tmp_path: Path) -> None:
    with served(tmp_path, BYLINE_AUTH="ada:right", BYLINE_CALLS="1000") as address:
        token = tokens.made(tmp_path / "index", "tool", ["read", "add"], datetime.now(UTC).date())
        # What a schema cannot say (which words are a date) may be refused all the same.
        arguments = [
            "run", f"{address}/api/v1/openapi.json", "--header", f"Authorization: Bearer {token}",
            "--max-examples", str(EXAMPLES), "--max-time", str(SECONDS),
            "--generation-deterministic", "--no-shrink",
            "--continue-on-failure", "--exclude-checks", "positive_data_acceptance",
            "--suppress-health-check", "all", "--no-color",
        ]  # fmt: skip
        run = subprocess.run(
            [str(Path(sys.executable).with_name("schemathesis")), *arguments],
            capture_output=True, text=True, cwd=tmp_path, timeout=300,
        )  # fmt: skip
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-2_000:]

"""A server shared by the attacks that leave it as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.attacks.attacking import Server, running


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("attacked"), calls=100_000, max_upload_mb=1) as one:
        yield one

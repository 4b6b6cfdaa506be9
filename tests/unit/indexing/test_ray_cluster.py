"""Which cluster is meant, before Ray is loaded: ray need not be installed for these."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.indexing.ray_cluster import _place
from rag.indexing.ray_worker import order
from rag.settings import Settings


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture(autouse=True)
def _no_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setenv("RAY_TMPDIR", str(tmp_path))


@pytest.mark.parametrize("written", ["ray://10.0.0.1:10001", "http://10.0.0.1:8265"])
def test_a_cluster_is_not_asked_from_outside(written: str) -> None:
    with pytest.raises(SettingsError, match="Run the same command there, with --ray auto"):
        _place(written)


@pytest.mark.parametrize("written", ["", "10.0.0.1", ":", "here:", "10.0.0.1:ray"])
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(SettingsError, match=r"write auto, local or HOST:PORT"):
        _place(written)


def test_where_nobody_listens_it_is_said_at_once(port: int) -> None:
    assert _place(f"127.0.0.1:{port}") == f"127.0.0.1:{port}"
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    with pytest.raises(SettingsError, match=rf"No Ray answers at 127\.0\.0\.1:{closed}.*ray start"):
        _place(f"127.0.0.1:{closed}")


def test_auto_is_the_cluster_of_this_machine(
    port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError, match="No Ray runs on this machine"):
        _place("auto")
    (tmp_path / "ray").mkdir()
    (tmp_path / "ray" / "ray_current_cluster").write_text(f"127.0.0.1:{port}")
    assert _place("auto") == f"127.0.0.1:{port}"
    monkeypatch.setenv("RAY_ADDRESS", f"localhost:{port}")
    assert _place("auto") == f"localhost:{port}"


def test_a_worker_is_told_no_secret() -> None:
    told = order(Settings(auth="ada:hunter2", index=Path("private"), passage_words=60)).settings
    assert told == Settings(passage_words=60)


def test_a_worker_finds_the_model_whatever_folder_it_runs_in() -> None:
    from rag.models.weights import embedding_folder

    folder = os.path.relpath(embedding_folder("bundled"))
    told = order(Settings(embedding=folder))
    assert Path(told.settings.embedding).is_absolute()
    told.must_fit()

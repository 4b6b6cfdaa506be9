"""Many machines reading: a real Ray cluster of two nodes on loopback, whoever of it is killed.

The index that comes out is the one that a single process makes, passage by passage.
"""

from __future__ import annotations

import ipaddress
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from rag import pipeline
from rag.errors import SettingsError
from rag.indexing import ray_cluster
from rag.indexing.ray_cluster import connected
from rag.resources import Resources, open_resources
from rag.schema import IngestReport, Progress, Step
from rag.settings import Settings
from tests.forked import ROOT

pytestmark = [
    pytest.mark.skipif(
        find_spec("ray") is None or not sys.platform.startswith("linux"),
        reason="needs pip install 'byline[ray]', on Linux",
    ),
    pytest.mark.filterwarnings("ignore"),  # Ray's own
]
# Ends itself, as kill -9 would, when half of the files are encoded and some of them stored.
DRIVER = """
import os, signal, sys
from pathlib import Path
from rag import pipeline
from rag.indexing import work
from rag.indexing.ray_cluster import connected
from rag.resources import open_resources
from rag.settings import Settings

def progress(step):
    if step.done * 2 > step.total:
        os.kill(os.getpid(), signal.SIGKILL)

folder, index, address, words = sys.argv[1:]
settings = Settings(index=Path(index), passage_words=int(words))
work._BATCH = 64
with connected(address, settings) as machines:
    with open_resources(settings, create=True) as resources:
        pipeline.ingest(Path(folder), resources, progress=progress, machines=machines)
"""
WORDS = 30  # of a passage: many small ones


def story(number: int) -> str:
    days = " ".join(
        f"On day {day} of inquiry {number} the clerk of Ward {number * day % 89} read out "
        f"{day * 7} letters about the {('quay', 'mill', 'tram', 'well')[day % 4]} and its locks."
        for day in range(12)
    )
    return f"Inquiry {number} sits\n\nBy Ada Fenwick\n3 May 2021\n\n{days}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of one article and of many, a copy, two that cannot be read, an odd name."""
    folder = tmp_path_factory.mktemp("ray") / "articles"
    (folder / "more").mkdir(parents=True)
    for number in range(24):
        (folder / f"{number:02d}.txt").write_text(story(number), encoding="utf-8")
    lines = [{"id": n, "title": f"Inquiry {n}", "text": story(n)} for n in range(100, 110)]
    (folder / "more" / "many.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    shutil.copy(folder / "07.txt", folder / "more" / "copy.txt")
    (folder / "10-broken.pdf").write_bytes(b"%PDF-1.4 nothing more")
    (folder / "11-empty.txt").write_text("")
    Path(os.fsdecode(os.fsencode(folder) + b"/odd-\xff.txt")).write_text(story(200))
    return folder


@pytest.fixture(scope="module")
def alone(folder: Path) -> Iterator[tuple[Resources, IngestReport]]:
    """What a single process makes of the folder."""
    settings = Settings(index=folder.parent / "alone", passage_words=WORDS, readers=1)
    with open_resources(settings, create=True) as resources:
        yield resources, pipeline.ingest(folder, resources)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two nodes of one core each."""
    os.environ.update(ray_cluster.QUIET)
    os.environ.update(ray_cluster.LOOPBACK)
    from ray.cluster_utils import Cluster

    node = {"num_cpus": 1, "node_ip_address": "127.0.0.1", "include_dashboard": False}
    temporary = tempfile.mkdtemp(prefix="ray")  # paths of sockets are short
    Path(tempfile.gettempdir(), "ray").mkdir(exist_ok=True)  # where Ray notes it all the same
    cluster = Cluster(initialize_head=True, head_node_args={**node, "temp_dir": temporary})
    try:
        cluster.add_node(**node)
        yield cluster
    finally:
        cluster.shutdown()
        shutil.rmtree(temporary, ignore_errors=True)


def ingest(
    cluster: Any, folder: Path, index: Path, progress: Progress | None = None
) -> tuple[dict[str, Any], IngestReport]:
    settings = Settings(index=index, passage_words=WORDS)
    with (
        connected(cluster.address, settings) as machines,
        open_resources(settings, create=True) as resources,
    ):
        report = pipeline.ingest(folder, resources, progress=progress, machines=machines)
        assert not resources.embedder.loaded  # the machines did all of it
        return contents(resources), report


def contents(resources: Resources) -> dict[str, Any]:
    index = resources.index
    ids = sorted(id_ for record in index.files().values() for id_ in record.articles)
    passages = [passage for id_ in dict.fromkeys(ids) for passage in index.passages_of(id_)]
    vectors = index.vectors([passage.id for passage in passages])
    return {
        "files": index.files(),
        "articles": index.articles(ids),
        "cited": {id_: index.files_of(id_) for id_ in ids},
        "origins": index.origins(ids),
        "passages": passages,
        "vectors": np.array([vectors[passage.id] for passage in passages]),
        "words": sorted(id_ for id_, _ in index.lexical("tram", len(passages) + 1)),
    }


def same(made: dict[str, Any], alone: Resources) -> None:
    expected = contents(alone)
    assert np.abs(made.pop("vectors") - expected.pop("vectors")).max() < 1e-3
    for what, value in expected.items():
        assert made[what] == value, what


def encoder() -> int | None:
    """The process of an actor that encodes; None: there is none yet."""
    import ray

    actors = ray._private.state.actors().values()
    alive = [actor for actor in actors if actor["State"] == "ALIVE"]
    pids = (int(actor["Pid"]) for actor in alive if "_Encode" in actor["ActorClassName"])
    return next(pids, None)


def test_nothing_listens_beyond_this_machine(cluster: Any) -> None:
    listening = set()
    with connected(cluster.address, Settings()):
        here = psutil.Process()
        for process in (here, *here.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):  # it has ended meanwhile
                listening |= {
                    ipaddress.ip_address(connection.laddr.ip)
                    for connection in process.net_connections("inet")
                    if connection.status == psutil.CONN_LISTEN
                }
    addresses = {getattr(ip, "ipv4_mapped", None) or ip for ip in listening}
    assert addresses
    assert all(ip.is_loopback for ip in addresses), addresses


def test_what_does_not_fit_is_refused(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import ray

    with connected(cluster.address, Settings()) as machines:
        with pytest.raises(SettingsError, match=r"127\.0\.0\.1 .* it has Byline .*, not 0\.0\.7"):
            ray_cluster._must_fit(replace(machines.asked, version="0.0.7"))
        other = replace(machines.asked.fingerprint, weights="00ff")
        with pytest.raises(SettingsError, match=r"its weights are .*, not 00ff"):
            ray_cluster._must_fit(replace(machines.asked, fingerprint=other))
        monkeypatch.setattr(ray_cluster, "_PATIENCE", 0.5)

        class Busy:
            def there(self) -> None:
                """Says that it holds its core."""

        busy = [ray.remote(num_cpus=1)(Busy).remote() for _ in range(machines.cores)]
        ray.get([actor.there.remote() for actor in busy])
        with pytest.raises(SettingsError, match="taken by other jobs"):
            ray_cluster._room("auto")


def test_whoever_is_killed_the_index_is_that_of_one_process(
    cluster: Any,
    folder: Path,
    alone: tuple[Resources, IngestReport],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index = tmp_path / "index"
    arguments = [str(folder), str(index), cluster.address, str(WORDS)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", DRIVER, *arguments], env=environ, check=False)
    assert ran.returncode == -signal.SIGKILL
    killed: list[str] = []

    def progress(step: Step) -> None:
        """When something has come back, and more is to come."""
        if "worker" not in killed and (pid := encoder()):
            killed.append("worker")
            os.kill(pid, signal.SIGKILL)
        elif killed and step.path >= "14" and "node" not in killed:
            killed.append("node")
            cluster.remove_node(next(iter(cluster.worker_nodes)), allow_graceful=False)

    monkeypatch.setattr(ray_cluster, "_FILES", 2)
    made, report = ingest(cluster, folder, index, progress)
    assert killed == ["worker", "node"]
    assert 0 < report.unchanged < 26  # the driver had stored them
    assert report.failed == alone[1].failed
    same(made, alone[0])

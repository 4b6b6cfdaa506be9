"""Many machines reading: files go from this machine through the workers of a Ray cluster and back.

Ray Data runs three stages of actors (`rag.indexing.ray_worker`): one on this machine ships the
files' bytes, the others read and encode. Rows come back in the order of the files, so that
`rag.indexing.work` decides what is new, failed or a copy just as it does alone, and writes.

Only encoding asks for cores, or only reading where GPUs encode: were both to, on few cores each
could hold what the other waits for, forever. The only file that imports ray.
"""

from __future__ import annotations

import logging
import os
import socket
import tempfile
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import SettingsError
from rag.indexing.ray_worker import Encode, Order, Read, Row, as_row, misfit, order, ready, ship
from rag.indexing.readers import Outcome, of_json
from rag.indexing.work import Ready
from rag.schema import Article
from rag.settings import Settings, is_loopback

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

AUTO, LOCAL = "auto", "local"
_BLOCK = 256 * 1024  # bytes of rows that go to a worker at once: some seconds of encoding
_FILES = 16  # that are shipped as one block, and more where there are many
_BLOCKS = 4096  # at most about so many, for each is kept track of
_ARTICLES = 64  # that a GPU is given at once: Ray wants it said
_READERS = 4  # encoders whose passages one reader can make
_PATIENCE = 30  # seconds for a cluster to answer, or to free a core
_PROBE = 120  # seconds for every machine to say what it has
# What Ray would tell others, print, or do by itself.
QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ENABLE_AUTO_CONNECT": "0",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}
# Unless Ray is told that this machine makes no clusters, it takes 127.0.0.1 for the address
# under which others reach it, and listens on all of them.
LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}


@contextmanager
def connected(address: str, settings: Settings) -> Iterator[RayMachines]:
    """The machines of the cluster at `address`: HOST:PORT, "auto" or "local" (see the docs).

    Raises:
        SettingsError: no cluster is there, it has no core or GPU to spare, or a machine of it has
            another Byline or other weights.
        ModelError: this machine has no weights itself.

    """
    if find_spec("ray") is None or find_spec("pyarrow") is None:
        raise SettingsError("--ray needs its extra on every machine: pip install 'byline[ray]'.")
    asked = order(settings)
    place = _place(address)
    os.environ.update(QUIET)
    if place == LOCAL or is_loopback(place.rpartition(":")[0]):
        os.environ.update(LOOPBACK)
    import ray

    try:
        _join(place)
        _must_fit(asked)
        yield RayMachines(asked, *_room(asked.settings.inference))
    finally:
        ray.shutdown()


@dataclass(slots=True)
class RayMachines:
    """A cluster that is connected: so many `cores` or `gpus` encode."""

    asked: Order
    cores: int
    gpus: int
    _held: Collection[str] = ()
    _of_file: Iterator[Row] = iter(())  # what is still to come of the file that came last
    _running: ExitStack = field(default_factory=ExitStack)

    @contextmanager
    def reading(self, held: Collection[str]) -> Iterator[RayMachines]:
        """Read and encode all but the articles that are `held`."""
        self._held = held
        with self._running:
            yield self

    def read(self, files: Iterable[tuple[str, Path]]) -> Iterator[Outcome]:
        """What each of `files` holds, or why it cannot be read, in order."""
        given = [as_row(number, path, file) for number, (path, file) in enumerate(files)]
        made = self._running.enter_context(closing(self._made(given))) if given else ()
        by_file = groupby(made, key=itemgetter("number"))
        for item, (number, rows) in zip(given, by_file, strict=True):
            if number != item["number"]:
                raise RuntimeError(f"rows of file {number} came where {item['path']} was next")
            self._of_file = rows
            yield of_json(next(rows)["reading"])

    def ready(self, article: Article) -> Ready | None:
        """What was made of an article of the file that came last; None: nothing was."""
        row = next((row for row in self._of_file if row["article"] == article.id), None)
        return ready(row) if row else None

    def _made(self, given: Sequence[Row]) -> Generator[Row, None, None]:
        """The rows of all files in order, made by the cluster as they are asked for."""
        import ray.data
        from ray.data import ActorPoolStrategy, DataContext

        context = DataContext.get_current()
        context.execution_options.preserve_order = True
        context.target_max_block_size = _BLOCK
        context.enable_progress_bars = context.print_on_execution_start = False
        logging.getLogger("ray.data").setLevel(logging.CRITICAL)  # errors are raised
        here = {"ray.io/node-id": ray.get_runtime_context().get_node_id()}
        asked = (replace(self.asked, held=frozenset(self._held)),)
        readers = -(-self.cores // (1 if self.gpus else _READERS))
        common: dict[str, Any] = {"batch_size": None, "batch_format": "pyarrow"}
        blocks = -(-len(given) // max(_FILES, len(given) // _BLOCKS))
        rows = (
            ray.data.from_items(list(given), override_num_blocks=blocks)
            .map_batches(
                _Ship, num_cpus=0, label_selector=here, compute=ActorPoolStrategy(size=1), **common
            )
            .map_batches(
                _Read,
                fn_constructor_args=asked,
                num_cpus=1 if self.gpus else 0,
                compute=ActorPoolStrategy(min_size=1, max_size=readers),
                **common,
            )
            .map_batches(
                _Encode,
                fn_constructor_args=(self.asked,),
                num_cpus=0 if self.gpus else 1,
                num_gpus=1 if self.gpus else None,
                compute=ActorPoolStrategy(min_size=1, max_size=self.gpus or self.cores),
                **{**common, "batch_size": _ARTICLES if self.gpus else None},
            )
        )
        table: pa.Table
        for table in rows.iter_batches(**common):
            yield from table.to_pylist()


# --- joining a cluster


def _place(address: str) -> str:
    """HOST:PORT of a cluster that answers, or "local"."""
    if address == LOCAL:
        return LOCAL
    if "://" in address:
        raise SettingsError(
            f"--ray {address}: Byline hands files on from a machine of the cluster itself. "
            "Run the same command there, with --ray auto."
        )
    place = _running() if address == AUTO else address
    host, colon, port = place.rpartition(":")
    if not colon or not port.isdecimal():
        raise SettingsError(f"--ray {address}: write auto, local or HOST:PORT, like 10.0.0.1:6379.")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE).close()
    except OSError as error:
        raise SettingsError(
            f"No Ray answers at {place} ({error.strerror or error}). Start one (ray start --head), "
            "or join it with this machine (ray start --address HOST:PORT)."
        ) from error
    return place


def _running() -> str:
    """Where the cluster is that this machine is part of."""
    named = os.environ.get("RAY_ADDRESS", "")
    if named and named not in (AUTO, LOCAL):
        return named
    folder = os.environ.get("RAY_TMPDIR") or tempfile.gettempdir()
    try:
        return Path(folder, "ray", "ray_current_cluster").read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(
            "No Ray runs on this machine. Start one (ray start --head), join one (ray start "
            "--address HOST:PORT), or use this machine alone: --ray local."
        ) from error


def _join(place: str) -> None:
    import ray

    options: dict[str, Any] = {"include_dashboard": False} if place == LOCAL else {}
    logging.getLogger("ray").setLevel(logging.ERROR)
    try:
        ray.init(place, log_to_driver=False, logging_level=logging.ERROR, **options)
    except (RuntimeError, OSError, ValueError, ray.exceptions.RayError) as error:
        raise SettingsError(
            f"Ray at {place} cannot be joined: {_last_line(error)}. This machine must be part of "
            "the cluster (ray start --address HOST:PORT), with the same Ray, Python and token."
        ) from error


def _must_fit(asked: Order) -> None:
    """Raise SettingsError unless each machine has the Byline and the weights of this one."""
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    probe = ray.remote(num_cpus=0)(misfit)
    nodes = {node["NodeID"]: node["NodeManagerAddress"] for node in _alive()}
    asking = {
        probe.options(scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=False)).remote(
            asked
        ): host
        for node, host in nodes.items()
    }
    done, silent = ray.wait([*asking], num_returns=len(asking), timeout=_PROBE)
    found = {asking[reference]: "it does not answer" for reference in silent}
    for reference in done:
        try:
            found[asking[reference]] = ray.get(reference)
        except (ray.exceptions.TaskUnschedulableError, ray.exceptions.NodeDiedError):
            pass  # it died, and Ray has only just noticed: nothing will be asked of it
        except ray.exceptions.RayError as error:
            found[asking[reference]] = f"Byline does not start there ({_last_line(error)})"
    for host, why in found.items():
        if why:
            raise SettingsError(
                f"{host} of the Ray cluster cannot read for this index: {why}. Install the same "
                "Byline and the same weights on every machine."
            )


def _room(inference: str) -> tuple[int, int]:
    """How many cores and GPUs to use, once one is free."""
    nodes = [node["Resources"] for node in _alive()]
    cores, gpus = (sum(int(node.get(kind, 0)) for node in nodes) for kind in ("CPU", "GPU"))
    gpus = gpus if inference != "openvino" else 0
    if not cores:
        raise SettingsError(
            "The Ray cluster has no CPU to offer, and reading would wait forever: start a machine "
            "with ray start --num-cpus 1 or more."
        )
    if not _is_free(num_cpus=1) or (gpus and not _is_free(num_cpus=0, num_gpus=1)):
        raise SettingsError(
            f"All {cores} CPUs{' or all GPUs' if gpus else ''} of the Ray cluster are taken by "
            "other jobs, and reading would wait for them: stop those, or add a machine."
        )
    return cores, gpus


def _is_free(*, num_cpus: int, num_gpus: int = 0) -> bool:
    """Whether something that asks for so much can run: of an ingest that was killed, soon."""
    import ray

    tried = ray.remote(num_cpus=num_cpus, num_gpus=num_gpus)(_nothing).remote()
    done, _ = ray.wait([tried], timeout=_PATIENCE)
    return bool(done)


def _nothing() -> None:
    pass


def _alive() -> list[dict[str, Any]]:
    import ray

    nodes: list[dict[str, Any]] = ray.nodes()  # type: ignore[no-untyped-call]
    return [node for node in nodes if node["Alive"]]


def _last_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[-1].strip(" .") if lines else type(error).__name__


# --- in a worker: the stages, as Ray Data calls them


class _Ship:
    def __call__(self, table: pa.Table) -> Iterator[pa.Table]:
        for row in table.to_pylist():
            yield _table([ship(row)])


class _Read:
    def __init__(self, asked: Order) -> None:
        self._read = Read(asked)

    def __call__(self, table: pa.Table) -> Iterator[pa.Table]:
        for row in table.to_pylist():
            for made in self._read.rows(row):
                yield _table([made])


class _Encode:
    def __init__(self, asked: Order) -> None:
        self._encode = Encode(asked)

    def __call__(self, table: pa.Table) -> pa.Table:
        return _table(self._encode.rows(table.to_pylist()))


def _table(rows: Sequence[Row]) -> pa.Table:
    import pyarrow as pa

    kinds = {int: pa.int64(), str: pa.string(), bytes: pa.large_binary()}
    schema = pa.schema([(name, kinds[type(value)]) for name, value in rows[0].items()])
    return pa.Table.from_pylist(list(rows), schema)

"""Vectors looked at by a child process: garbled files end the process that opens them.

The child prints one JSON object a stage, so that what it found before it died is known. Whoever
starts it holds the lock of an embedded Chroma and has no client of it open.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import StoreUnavailable
from vectorstore.store import PassageVectors

_TRIES = 50  # searches for made-up vectors
OWN = 500  # passages that are looked for by their own vector
_SAMPLE = 32  # vectors that are given back, to compare with the text's
_NEAR = 10  # passages that a search asks for
_LENGTH = 0.01  # how far from 1 a vector's length may be
_PATIENCE, _A_SECOND = 120.0, 200  # seconds for the child: so many, and one more for so many ids


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose vectors are looked at. `thorough`: every one of them, not a few searches alone."""

    folder: str
    index_id: str
    url: str
    dimension: int
    thorough: bool = False
    expected: int = 0  # passages, for the time-out


@dataclass(frozen=True, slots=True)
class Probed:
    """What a child found. `trouble`: in a few words why it did not come to its end, else empty.

    `ids` is None where they could not be listed. `unsound` have no finite vector of length 1;
    `lost` are not found by their own vector; `sample` holds some of the sound ones.
    """

    trouble: str
    ids: frozenset[str] | None = None
    unsound: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    sample: dict[str, list[float]] = field(default_factory=dict)


def probe(wanted: Wanted) -> Probed:
    """Start the child and collect what it says."""
    root = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    child = subprocess.Popen(
        [sys.executable, "-c", "from vectorstore.probing import main; main()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="backslashreplace",
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
    )
    try:
        said, errors = child.communicate(
            json.dumps(asdict(wanted)), timeout=_PATIENCE + wanted.expected / _A_SECOND
        )
    except subprocess.TimeoutExpired:
        child.kill()
        said, _ = child.communicate()
        return _collected(said, "a search in them does not end")
    except BaseException:
        child.kill()
        child.wait()
        raise
    return _collected(said, _death(child.returncode, errors))


def _death(code: int, errors: str) -> str:
    if code < 0:
        known = {item.value: item.name for item in signal.Signals}
        return f"a search in them ends the process: {known.get(-code, f'signal {-code}')}"
    last = (errors.strip().splitlines() or ["no word"])[-1]
    return f"a search in them ends with {code}: {last[:300]}" if code else ""


def _collected(said: str, trouble: str) -> Probed:
    found: dict[str, Any] = {}
    for line in said.splitlines():
        try:
            found |= json.loads(line)
        except ValueError:  # cut where it died
            break
    ids = found.get("ids")
    return Probed(
        trouble=trouble or found.get("trouble", ""),
        ids=None if ids is None else frozenset(ids),
        unsound=tuple(found.get("unsound", ())),
        lost=tuple(found.get("lost", ())),
        sample=found.get("sample", {}),
    )


# --- in the child


def main() -> None:
    """Look at what standard input names, and print what is found."""
    wanted = Wanted(**json.loads(sys.stdin.read()))
    try:
        for stage in _stages(wanted):
            _say(stage)
    except StoreUnavailable as error:
        _say({"trouble": str(error)})


def _say(stage: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(stage) + "\n")
    sys.stdout.flush()


def _stages(wanted: Wanted) -> Iterator[dict[str, Any]]:
    store = PassageVectors(Path(wanted.folder), wanted.index_id, url=wanted.url)
    store.open(create=False)
    if wanted.thorough:
        ids = sorted(store.ids())
        yield {"ids": ids}
        unsound = _unsound(store, ids, wanted.dimension)
        yield {"unsound": sorted(unsound)}
        sound = [id_ for id_ in ids if id_ not in unsound]
        sample = store.vectors(_spread(sound, _SAMPLE))
        yield {"sample": {id_: vector.tolist() for id_, vector in sample.items()}}
        yield {"lost": _lost(store, _spread(sound, OWN))}
    yield from _searches(store, wanted.dimension)
    store.close()


def _searches(store: PassageVectors, dimension: int) -> Iterator[dict[str, Any]]:
    made_up = np.random.default_rng(1).standard_normal((_TRIES, dimension)).astype(np.float32)
    least = min(_NEAR, store.count())
    found = min(len(store.query(vector, _NEAR)) for vector in made_up)
    if found < least:
        yield {"trouble": f"a search for {least} of {store.count()} passages finds {found}"}


def _unsound(store: PassageVectors, ids: Sequence[str], dimension: int) -> set[str]:
    bad: set[str] = set()
    for first in range(0, len(ids), 1000):
        batch = ids[first : first + 1000]
        held = store.vectors(batch)
        bad |= {id_ for id_ in batch if id_ not in held or not _is_unit(held[id_], dimension)}
    return bad


def _is_unit(vector: np.ndarray, dimension: int) -> bool:
    with np.errstate(all="ignore"):
        length = float(np.linalg.norm(vector.astype(np.float64)))
    return vector.shape == (dimension,) and abs(length - 1) < _LENGTH  # not so for nan and inf


def _lost(store: PassageVectors, ids: Sequence[str]) -> list[str]:
    """Those that are not among the nearest to their own vector, nor is anything as near."""
    lost = []
    for id_, vector in store.vectors(ids).items():
        near = dict(store.query(vector, _NEAR))
        if id_ not in near and max(near.values(), default=-1.0) < 1 - 1e-4:
            lost.append(id_)
    return lost


def _spread(ids: Sequence[str], most: int) -> list[str]:
    step = max(1, -(-len(ids) // most))
    return list(ids[::step])

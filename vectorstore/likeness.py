"""Near-copies: which articles have nearly the same words, and the group that each belongs to.

Kept by bands: only signatures (MinHash) that have one of their `BANDS` slices of `ROWS` entries in
common are compared, which those of a likeness s have with a chance of 1 - (1 - s^ROWS)^BANDS: .55
at .5, .99 at .7 (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3.4). Runs
inside a transaction of the manifest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping

import numpy as np

from vectorstore.database import Transaction

ALIKE = 0.5  # Jaccard; a reprint with a third of its sentences changed is still above it
# Of 128 entries: the cut that datasketch finds to lose and to gain least at ALIKE.
BANDS, ROWS = 25, 5
_MOST = 2_000  # articles of one group that are compared with each other


def put(db: Transaction, signatures: Mapping[str, bytes]) -> None:
    """Store signatures of articles; until `link` each is an origin of its own."""
    forget(db, signatures)
    db.each(
        "INSERT INTO likeness (article_id, signature, origin) VALUES (:id, :signature, :id)",
        ({"id": id_, "signature": signature} for id_, signature in signatures.items()),
    )
    db.each(
        "INSERT INTO bands (band, article_id) VALUES (:band, :id) ON CONFLICT DO NOTHING",
        ({"band": band, "id": id_} for id_, data in signatures.items() for band in bands(data)),
    )


def forget(db: Transaction, article_ids: Collection[str]) -> None:
    """Delete the signatures of these articles; what they linked is seen to by `link`."""
    known = db.rows(
        "SELECT article_id, signature FROM likeness WHERE article_id IN :ids", ids=article_ids
    )
    db.each(
        "DELETE FROM bands WHERE band = :band AND article_id = :id",
        ({"band": band, "id": row.article_id} for row in known for band in bands(row.signature)),
    )
    db.run("DELETE FROM likeness WHERE article_id IN :ids", ids=article_ids)


def link(db: Transaction, article_ids: Iterable[str]) -> None:
    """Put articles that came, and those that were linked by ones that went, into their groups.

    The first id of a group is the origin of all of it. Alike is taken as transitive: an edited copy
    of an edited copy has the same origin.
    """
    for id_ in sorted(article_ids):
        row = db.row("SELECT signature, origin FROM likeness WHERE article_id = :id", id=id_)
        if row is None:
            continue
        origins = {row.origin, *_alike(db, id_, row.signature)}
        first = min(origins)
        db.run(
            "UPDATE likeness SET origin = :first WHERE origin IN :others",
            first=first, others=origins - {first},
        )  # fmt: skip


def unlink(db: Transaction, article_ids: Collection[str]) -> set[str]:
    """Make what is grouped with these articles ungrouped; the ids, to be linked again."""
    groups = db.rows(
        "SELECT DISTINCT origin FROM likeness WHERE article_id IN :ids", ids=article_ids
    )
    origins = [row.origin for row in groups]
    rows = db.rows(
        "SELECT article_id FROM likeness WHERE origin IN :origins"
        " AND origin IN (SELECT origin FROM likeness WHERE origin IN :origins GROUP BY origin"
        " HAVING COUNT(*) > 1)",
        origins=origins,
    )
    ids = {row.article_id for row in rows}
    db.run("UPDATE likeness SET origin = article_id WHERE article_id IN :ids", ids=ids)
    return ids - set(article_ids)


def bands(signature: bytes) -> list[int]:
    """A number (64 bits, signed) for each slice of a signature of uint32."""
    size = ROWS * 4
    return [
        int.from_bytes(
            hashlib.blake2b(
                bytes([n]) + signature[n * size : (n + 1) * size], digest_size=8
            ).digest(),
            "big",
            signed=True,
        )
        for n in range(min(BANDS, len(signature) // size))
    ]


def alike(one: bytes, other: bytes) -> bool:
    """Whether two signatures are of texts that are near-copies."""
    if len(one) != len(other):
        return False
    return bool(np.mean(np.frombuffer(one, np.uint32) == np.frombuffer(other, np.uint32)) >= ALIKE)


def _alike(db: Transaction, id_: str, signature: bytes) -> set[str]:
    """The origins of the articles that are near-copies of this one."""
    rows = db.rows(
        "SELECT article_id, signature, origin FROM likeness WHERE article_id IN"
        " (SELECT article_id FROM bands WHERE band IN NUMBERS :bands)"
        " AND article_id != :id LIMIT :most",
        bands=bands(signature), id=id_, most=_MOST,
    )  # fmt: skip
    return {row.origin for row in rows if alike(signature, row.signature)}

"""An index mended from the articles that it stores, without a look at their files.

What cannot be mended (an article that is not what was read) is let go of, and its file is marked so
that the next ingest reads it again. Every step leaves an index that opens, and may be interrupted.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress

from rag.errors import StoreUnavailable
from vectorstore import former, likeness, naming, opening, privacy, seal, storing, tallies
from vectorstore.checking import Fault, Findings, Kind, Knowledge, passage_owners
from vectorstore.database import Transaction
from vectorstore.lexical import LexicalIndex
from vectorstore.locks import CHROMA, Gate
from vectorstore.manifest import Manifest
from vectorstore.store import PassageVectors
from vectorstore.syncing import Vectors

_BATCH = 512  # passages embedded at once
_NOT_THERE = "article_id NOT IN (SELECT id FROM articles)"

Progress = Callable[[int, int], None]  # passages embedded, and those that will be


def repair(
    opened: opening.Opened,
    manifest: Manifest,
    know: Knowledge,
    found: Findings,
    *,
    chroma: str = "",
    progress: Progress | None = None,
) -> int:
    """Mend what `check` found; how many passages were embedded again.

    The caller holds the write lock. Takes about as long as an ingest of what it embeds.

    Raises:
        StoreUnavailable: the index is read-only, `manifest.db` itself is damaged, or Chroma fails.

    """
    opened.must_be_writable()
    if _of(found, "database"):
        raise StoreUnavailable(
            f"{manifest.database.name} itself is damaged, and everything else is made from it."
            " Bring back a backup (byline restore FILE --replace), or build the index again:"
            f" byline ingest FOLDER --index {opened.folder} --rebuild"
        )
    _mend_manifest(manifest, know, found)
    _mend_signatures(manifest, know, found)
    if _of(found, "graph"):
        _replace(opened, manifest, chroma)
    embedded = _mend_vectors(opened, manifest, know, found, chroma, progress)
    _mend_words(opened, manifest)
    privacy.tighten(opened.folder)
    return embedded


def _of(found: Findings, *kinds: Kind) -> list[Fault]:
    return [fault for fault in found.faults if fault.kind in kinds]


def _ids(found: Findings, kind: Kind) -> list[str]:
    return [id_ for fault in _of(found, kind) for id_ in fault.ids]


# --- the manifest


def _mend_manifest(manifest: Manifest, know: Knowledge, found: Findings) -> None:
    split_anew = manifest.articles(_ids(found, "passages"))
    with manifest.transaction() as db:
        touched = {*_ids(found, "link"), *_holders(db, _ids(found, "altered"))}
        _forget(db, _ids(found, "altered"))
        former.let_go(db, _ids(found, "former"))
        db.run(f"DELETE FROM file_articles WHERE {_NOT_THERE}")
        db.run(
            "DELETE FROM file_articles WHERE position IS NOT NULL"
            " AND file NOT IN (SELECT path FROM files)"
        )
        unheld = "SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM file_articles)"
        _forget(db, [row.id for row in db.rows(unheld)])
        for table in ("passages", "likeness", "bands"):
            db.run(f"DELETE FROM {table} WHERE {_NOT_THERE}")
        for path in touched:
            _have_read_again(db, path)
        for id_, article in split_anew.items():
            db.run("DELETE FROM passages WHERE article_id = :id", id=id_)
            storing.put_passages(db, passages := know.split(article))
            kinds = storing.kinds_of(passages)
            db.run("UPDATE articles SET kinds = :kinds WHERE id = :id", kinds=kinds, id=id_)
        naming.name_anew(db)
        tallies.count_anew(db)
        storing.changed(db, [*split_anew, *_ids(found, "altered")])


def _holders(db: Transaction, article_ids: Sequence[str]) -> set[str]:
    sql = "SELECT file FROM file_articles WHERE article_id IN :ids"
    return {row.file for row in db.rows(sql, ids=article_ids)}


def _forget(db: Transaction, article_ids: Sequence[str]) -> None:
    """Delete articles with all that hangs on them; their vectors are pending from here on."""
    db.run("DELETE FROM file_articles WHERE article_id IN :ids", ids=article_ids)
    storing.forget(db, article_ids)


def _have_read_again(db: Transaction, path: str) -> None:
    """Make the file's record one that no file has; without any article it goes."""
    if db.row("SELECT 1 FROM file_articles WHERE file = :path", path=path):
        sql = "UPDATE files SET sha256 = '', size = -1, mtime_ns = 0 WHERE path = :path"
    else:
        sql = "DELETE FROM files WHERE path = :path"
    db.run(sql, path=path)


def _mend_signatures(manifest: Manifest, know: Knowledge, found: Findings) -> None:
    articles = manifest.articles(_ids(found, "signature"))
    signed = {id_: know.sign(article) for id_, article in articles.items()}
    with manifest.transaction() as db:
        again = likeness.unlink(db, signed)
        likeness.forget(db, signed)
        likeness.link(db, again)
    manifest.put_signatures({id_: signature for id_, signature in signed.items() if signature})


# --- vectors and words


def _replace(opened: opening.Opened, manifest: Manifest, chroma: str) -> None:
    """Put an empty collection in place of one that cannot be used."""
    folder = opened.stores / opening.CHROMA
    manifest.bump("epoch")  # whoever has the old one open opens the new one
    with Gate(None if chroma else opened.stores / CHROMA).hold():
        store = PassageVectors(folder, manifest.get("index"), url=chroma)
        if chroma:
            store.erase()
        else:
            with suppress(FileNotFoundError):
                shutil.rmtree(folder)
            (opened.stores / seal.NAME).unlink(missing_ok=True)
        store.open(create=True)
        store.close()


def _mend_vectors(
    opened: opening.Opened, manifest: Manifest, know: Knowledge, found: Findings, chroma: str,
    progress: Progress | None,
) -> int:  # fmt: skip
    """Delete the vectors of nothing and make those that lack."""
    owners = passage_owners(manifest)
    vectors = Vectors(
        opened.stores, manifest, Gate(None if chroma else opened.stores / CHROMA),
        index_id=manifest.get("index"), dimension=know.dimension, url=chroma,
    )  # fmt: skip
    try:
        with vectors.current() as store:
            held = store.ids()
        if strays := sorted(held - owners.keys()):
            with vectors.changing() as store:
                store.delete(strays)
        again = {*_ids(found, "vectors"), *_passages_of(owners, _ids(found, "passages"))}
        needed = sorted(id_ for id_ in owners if id_ not in held or id_ in again)
        for done in embed(vectors, manifest, know, needed):
            if progress is not None:
                progress(done, len(needed))
    finally:
        vectors.close()
    manifest.clear_pending([id_ for ids in manifest.pending() for id_ in ids])
    return len(needed)


def embed(
    vectors: Vectors, manifest: Manifest, know: Knowledge, passage_ids: Sequence[str]
) -> Iterator[int]:
    """Make and store the vectors of these passages; give how many are done."""
    for first in range(0, len(passage_ids), _BATCH):
        passages = [*manifest.passages(passage_ids[first : first + _BATCH]).values()]
        made = know.embed([passage.indexed_text for passage in passages])
        with vectors.changing() as store:
            store.upsert(passages, made)
        yield first + len(passages)


def _passages_of(owners: Mapping[str, str], articles: Collection[str]) -> Iterator[str]:
    wanted = frozenset(articles)
    return (passage for passage, article in owners.items() if article in wanted)


def _mend_words(opened: opening.Opened, manifest: Manifest) -> None:
    """Make the lexical index again from nothing, as others may have it open."""
    folder = opened.stores / opening.LEXICAL
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)
    index_id, generation = manifest.get("index"), manifest.get("generation")
    LexicalIndex(folder).rebuild(manifest.all_passages(), index_id, generation)
    manifest.bump("commits")

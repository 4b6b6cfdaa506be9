"""Everything that an index holds against everything else that it holds.

`check` opens nothing that may end the process, changes nothing, and says of each fault what it
concerns. What is known of articles (how an id, passages and a signature follow from them) comes
from the caller.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from rag.errors import StoreUnavailable
from rag.schema import Article, Passage
from vectorstore import former, migrations, opening, probing, tallies
from vectorstore.fingerprint import Fingerprint, match
from vectorstore.lexical import LexicalIndex
from vectorstore.locks import CHROMA, Gate, write_lock
from vectorstore.manifest import Manifest

Kind = Literal[
    "database",  # SQLite itself finds manifest.db damaged
    "altered",  # an article is not what was read from its file
    "passages",  # an article's passages are not those that it gives
    "counts",  # how many articles have an outlet, an author … is not as it is counted
    "signature",  # what near-copies are known by is missing or of another text
    "former",  # an article that went is not kept as it was cited
    "link",  # a file and its articles do not agree
    "graph",  # Chroma cannot be opened or searched
    "vectors",  # passages without their vector, or with one that is not theirs
    "stray",  # something is held that belongs to no article
    "words",  # the lexical index is not that of the passages
]
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_DATABASE_LINES = 5  # of what SQLite finds
_SAME = 0.95  # cosine from which a vector is that of a text; precisions differ by less
UNFOUND = 0.02  # share of passages tried that a sound graph may miss


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `ids` are of the articles, files, passages or vectors meant."""

    kind: Kind
    where: str  # the path under which the article is cited, or a file or folder of the index
    what: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What follows from an article, and a vector from a text."""

    identify: Callable[[Article], str]
    split: Callable[[Article], Sequence[Passage]]
    sign: Callable[[Article], bytes]
    embed: Callable[[Sequence[str]], np.ndarray]  # texts -> float32 (len(texts), dimension)
    dimension: int


@dataclass(frozen=True, slots=True)
class Findings:
    """All faults; files that the next ingest will read again; and how much there is."""

    faults: tuple[Fault, ...]
    to_read: tuple[str, ...]
    files: int
    articles: int
    passages: int


@contextmanager
def held(
    folder: Path, fingerprint: Fingerprint, database: str = ""
) -> Iterator[tuple[opening.Opened, Manifest]]:
    """Open the manifest of an index alone, and keep others from writing meanwhile.

    Raises:
        IndexMissing: there is none.
        IndexMismatch: it was built with another fingerprint, or by a later Byline.
        IndexLocked: another process is writing.
        StoreUnavailable: the manifest cannot be opened.

    """
    opened = opening.opened(folder.resolve(), create=False, database=database)
    try:
        with closing(opening.manifest_of(opened.stores, database)) as manifest:
            migrations.bring_up(manifest)
            with manifest.sole_writer(), _cache_lock(opened, database):
                meta = manifest.meta() if manifest.exists() else {}
                if not meta:
                    raise opening.missing(opened.folder, database)
                migrations.require(opened.folder, meta)
                match(opened.folder, meta, fingerprint)
                yield opened, manifest
    finally:
        opened.close()


def _cache_lock(opened: opening.Opened, database: str) -> AbstractContextManager[None]:
    return write_lock(opened.stores) if database else nullcontext()


def is_damage(error: StoreUnavailable) -> bool:
    """Whether SQLite found the manifest damaged, rather than in use or out of reach."""
    return getattr(error.__cause__, "sqlite_errorcode", None) in _DAMAGE


def check(
    opened: opening.Opened,
    manifest: Manifest,
    know: Knowledge,
    *,
    chroma: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> Findings:
    """Look at all of an index. Nobody may be writing to it: the caller holds the write lock.

    `chroma` is the address of the Chroma server, if the vectors are at one. `progress` gets the
    articles done and those in all.
    """
    if damage := [*_database(manifest)]:
        return Findings(tuple(damage), (), 0, 0, 0)
    faults = [*_articles(manifest, know, progress)]
    altered = {id_ for fault in faults if fault.kind == "altered" for id_ in fault.ids}
    faults += [*_former(manifest, know), *_links(manifest), *_counts(manifest)]
    faults += _vectors(opened, manifest, know, chroma, altered)
    faults += _words(opened, manifest)
    waiting = manifest.rows("SELECT path FROM files WHERE sha256 = '' ORDER BY path")
    return Findings(tuple(faults), tuple(row.path for row in waiting), *manifest.counts())


# --- the manifest by itself


def _database(manifest: Manifest) -> Iterator[Fault]:
    try:
        found = manifest.database.damage(_DATABASE_LINES)
    except StoreUnavailable as error:
        if not is_damage(error):
            raise
        found = [str(error.__cause__)]
    for line in found:
        yield Fault("database", opening.MANIFEST, " ".join(line.split()))


def _articles(
    manifest: Manifest, know: Knowledge, progress: Callable[[int, int], None] | None
) -> Iterator[Fault]:
    ids = manifest.article_ids()
    for number, id_ in enumerate(ids, 1):
        article = _as_read(manifest, know, id_)
        if article is None:
            yield Fault("altered", _name(manifest, id_), _ALTERED, (id_,))
        else:
            yield from _derived(manifest, know, article)
        if progress is not None:
            progress(number, len(ids))


def _as_read(manifest: Manifest, know: Knowledge, id_: str) -> Article | None:
    """The article, if what is stored is what was read from its file."""
    try:
        article = manifest.articles([id_])[id_]
        (row,) = manifest.rows("SELECT characters FROM articles WHERE id = :id", id=id_)
        same = know.identify(article) == id_ and row.characters == len(article.text)
    except (ValueError, TypeError, LookupError):  # dates, parts, types of a row that was changed
        return None
    except StoreUnavailable as error:
        if "UTF-8" in str(error.__cause__):  # bytes of the text that are none
            return None
        raise
    return article if same else None


def _former(manifest: Manifest, know: Knowledge) -> Iterator[Fault]:
    """The texts that are kept for links to articles that went."""
    for id_, path in manifest.rows("SELECT article_id, path FROM former WHERE size > 0"):
        (row,) = manifest.rows("SELECT article FROM former WHERE article_id = :id", id=id_)
        article = former.unpacked(row.article)
        if article is None or know.identify(article) != id_ or article.id != id_:
            yield Fault("former", path, "what stood there before is not what was cited", (id_,))


_PASSAGES = (
    'SELECT id, article_id, number, "start", "end", header, kind FROM passages'
    " WHERE article_id = :id ORDER BY number, id"
)
_ALTERED = "the stored article is not the one that was read from the file: something changed it"


def _derived(manifest: Manifest, know: Knowledge, article: Article) -> Iterator[Fault]:
    """What was made of the article, against what it gives now."""
    ids = (article.id,)
    stored = [tuple(row) for row in manifest.rows(_PASSAGES, id=article.id)]
    expected = [row_of(passage) for passage in know.split(article)]
    if stored != expected:
        yield Fault("passages", _name(manifest, article.id), _differing(stored, expected), ids)
    signed = manifest.rows("SELECT signature FROM likeness WHERE article_id = :id", id=article.id)
    if (bytes(signed[0].signature) if signed else b"") != know.sign(article):
        what = "what its near-copies are known by is missing or of another text"
        yield Fault("signature", _name(manifest, article.id), what, ids)


def row_of(passage: Passage) -> tuple[Any, ...]:
    """A passage as the table of passages holds it."""
    p = passage
    return p.id, p.article_id, p.number, p.start, p.end, p.header, p.kind


def _differing(stored: Sequence[tuple[Any, ...]], expected: Sequence[tuple[Any, ...]]) -> str:
    if len(stored) != len(expected):
        return f"{len(stored)} passages are stored of the {len(expected)} that it gives"
    pairs = zip(stored, expected, strict=True)
    number = next(n for n, (one, other) in enumerate(pairs, 1) if one != other)
    return f"passage {number} of {len(expected)} is not at the place where the article has it"


def _links(manifest: Manifest) -> Iterator[Fault]:
    """Files against articles, and every table against the articles."""
    for row in manifest.rows(
        "SELECT DISTINCT file FROM file_articles"
        " WHERE article_id NOT IN (SELECT id FROM articles) ORDER BY file"
    ):
        yield Fault("link", row.file, "an article of this file is lost", (row.file,))
    for row in manifest.rows(
        "SELECT path FROM files WHERE sha256 != ''"
        " AND path NOT IN (SELECT file FROM file_articles) ORDER BY path"
    ):
        yield Fault("link", row.path, "all articles of this file are lost", (row.path,))
    for row in manifest.rows(
        "SELECT DISTINCT file FROM file_articles WHERE position IS NOT NULL"
        " AND file NOT IN (SELECT path FROM files) ORDER BY file"
    ):
        what = "articles are held for this file, of which nothing is known"
        yield Fault("link", row.file, what, (row.file,))
    sql = "SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM file_articles)"
    orphans = sorted(row.id for row in manifest.rows(sql))
    if orphans:
        what = f"{_number(orphans, 'article')} of no file"
        yield Fault("stray", opening.MANIFEST, what, tuple(orphans))
    for table, name in (("passages", "passage"), ("likeness", "signature")):
        sql = f"SELECT COUNT(*) FROM {table} WHERE article_id NOT IN (SELECT id FROM articles)"
        if count := manifest.rows(sql)[0][0]:
            what = f"{count} {name}{'' if count == 1 else 's'} of no article"
            yield Fault("stray", opening.MANIFEST, what)


def _counts(manifest: Manifest) -> Iterator[Fault]:
    with manifest.database.snapshot() as db:
        wrong = tallies.wrong(db)
    if wrong:
        what = f"{_number(wrong, 'name')} of outlets, authors and the like counted wrongly"
        yield Fault("counts", opening.MANIFEST, what)


# --- what is made from it


def _vectors(
    opened: opening.Opened, manifest: Manifest, know: Knowledge, chroma: str, altered: set[str]
) -> Iterator[Fault]:
    owners = passage_owners(manifest)
    wanted = probing.Wanted(
        str(opened.stores / opening.CHROMA), manifest.get("index"), chroma, know.dimension,
        thorough=True, expected=len(owners),
    )  # fmt: skip
    with Gate(None if chroma else opened.stores / CHROMA).hold():
        found = probing.probe(wanted)
    place = chroma or opening.CHROMA
    if found.trouble:
        yield Fault("graph", place, found.trouble)
    if found.ids is None:
        return
    _, gone = manifest.pending()  # a killed ingest left them, and the next one removes them
    strays = sorted(id_ for id_ in found.ids - owners.keys() if not id_.startswith(tuple(gone)))
    if strays:
        yield Fault("stray", place, f"{_number(strays, 'vector')} of no passage", tuple(strays))
    # The graph finds nearly, not surely, what is nearest: a few misses are no damage.
    if len(found.lost) > UNFOUND * min(len(found.ids), probing.OWN):
        what = f"{_number(found.lost, 'passage')} not found by the own vector"
        yield Fault("graph", place, what)
    sample = {i: v for i, v in found.sample.items() if owners.get(i, "") not in {"", *altered}}
    if others := [*_others(manifest, know, sample)]:
        what = f"{len(others)} of {len(sample)} vectors looked at are not those of their text"
        yield Fault("graph", place, what)
    wrong = {*(owners.keys() - found.ids), *found.unsound}
    yield from _by_article(manifest, owners, wrong & owners.keys())


def _by_article(
    manifest: Manifest, owners: Mapping[str, str], passages: Collection[str]
) -> Iterator[Fault]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for id_ in sorted(passages):
        grouped[owners[id_]].append(id_)
    for article, ids in grouped.items():
        what = f"{_number(ids, 'passage')} without the right vector"
        yield Fault("vectors", _name(manifest, article), what, tuple(ids))


def _others(
    manifest: Manifest, know: Knowledge, sample: Mapping[str, Sequence[float]]
) -> Iterator[str]:
    """Those of some vectors that are not their text's."""
    passages = [*manifest.passages(sample).values()]
    vectors = know.embed([passage.indexed_text for passage in passages])
    for passage, vector in zip(passages, vectors, strict=True):
        kept = np.asarray(sample[passage.id], np.float32)
        if float(kept @ vector) < _SAME * float(np.linalg.norm(vector)):
            yield passage.id


def _words(opened: opening.Opened, manifest: Manifest) -> Iterator[Fault]:
    lexical = LexicalIndex(opened.stores / opening.LEXICAL)
    if not lexical.is_at(manifest.get("index"), manifest.get("generation")):
        yield Fault("words", opening.LEXICAL, "it is broken, or not yet that of the articles")
        return
    try:
        passages, articles = lexical.ids()
    except ValueError as error:  # all that tantivy says
        yield Fault("words", opening.LEXICAL, f"it cannot be read ({error})")
        return
    owners = passage_owners(manifest)
    with_passages = set(owners.values())
    for name, found, expected in (
        ("passage", passages, owners.keys()), ("article", articles, with_passages),
    ):  # fmt: skip
        if lacking := expected - found:
            yield Fault("words", opening.LEXICAL, f"{_number(lacking, name)} cannot be found")
        if strays := found - expected:
            what = f"{_number(strays, name)} found that the index does not have"
            yield Fault("words", opening.LEXICAL, what)


def passage_owners(manifest: Manifest) -> dict[str, str]:
    """Passage id -> the id of its article, of all passages of articles that there are."""
    sql = "SELECT id, article_id FROM passages WHERE article_id IN (SELECT id FROM articles)"
    return {row.id: row.article_id for row in manifest.rows(sql)}


def _name(manifest: Manifest, article: str) -> str:
    paths = manifest.files_of(article)
    return paths[0] if paths else f"article {article}"


def _number(of: Collection[str], noun: str) -> str:
    return f"{len(of)} {noun}{'' if len(of) == 1 else 's'}"

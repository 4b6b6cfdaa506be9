"""An index looked after: checked, mended, put into one file and brought back.

What `vectorstore` does to an index, with what only the rest of Byline knows: how an article's id,
passages, signature and vectors follow from it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.articles import article_id
from rag.articles.splitting import Limits, split
from rag.errors import StoreUnavailable
from rag.indexing import duplicates
from rag.models.embedding import Embedder
from rag.resources import fingerprint, open_embedder
from rag.schema import Article, Passage
from rag.settings import Settings
from vectorstore import checking, repairing
from vectorstore import restore as restoring
from vectorstore.backup import Backup, back_up
from vectorstore.checking import Fault, Findings, Kind, Knowledge
from vectorstore.index import Fingerprint, Index
from vectorstore.manifest import Manifest
from vectorstore.opening import MANIFEST, Opened

Progress = Callable[[int, int], None]  # how many are done, and of how many
_SHOWN = 30  # faults that are listed on the screen
_REPAIR, _AGAIN = "byline repair", "byline repair, then byline ingest FOLDER"
_DO: dict[Kind, str] = {
    "database": "byline restore FILE --replace, or byline ingest FOLDER --rebuild",
    "altered": _AGAIN,
    "link": _AGAIN,
}


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was wrong, how many passages were embedded again, and what is wrong still."""

    before: Findings
    embedded: int
    after: Findings


def check(settings: Settings, progress: Progress | None = None) -> Findings:
    """Hold everything in the index against everything else; nothing is changed.

    Raises:
        IndexingError: IndexMissing, IndexMismatch, IndexLocked, StoreUnavailable.
        ModelError: the embedding weights are missing or wrong.

    """
    embedder = open_embedder(settings)
    know = _knowledge(settings, embedder)
    try:
        with _held(settings, fingerprint(settings, embedder)) as (opened, manifest):
            return checking.check(opened, manifest, know, chroma=settings.chroma, progress=progress)
    except StoreUnavailable as error:
        if not checking.is_damage(error):
            raise
        return Findings((Fault("database", MANIFEST, str(error.__cause__)),), (), 0, 0, 0)


def repair(settings: Settings, progress: Progress | None = None) -> Repaired:
    """Mend what `check` finds from the stored articles; files are not read. Raises as `check`."""
    embedder = open_embedder(settings)
    know = _knowledge(settings, embedder)
    with _held(settings, fingerprint(settings, embedder)) as (opened, manifest):
        opened.must_be_writable()
        before = _check(settings, opened, manifest, know)
        if not before.faults:
            return Repaired(before, 0, before)
        embedded = repairing.repair(
            opened, manifest, know, before,
            chroma=settings.chroma, progress=progress,
        )  # fmt: skip
        return Repaired(before, embedded, _check(settings, opened, manifest, know))


def backup(settings: Settings, file: Path) -> Backup:
    """Put the index into one file; others may ask and ingest meanwhile.

    Raises:
        BackupError: the file cannot be written.
        IndexingError: IndexMissing, IndexMismatch (of a later Byline), StoreUnavailable.

    """
    with Index.open(
        settings.index, None, chroma=settings.chroma, database=settings.database
    ) as index:
        return back_up(index, file)


def restore(settings: Settings, file: Path, *, replace: bool = False) -> Findings | None:
    """Bring a backup back as the index of `settings`; the findings of a repair if it took one.

    Raises:
        BackupError: the file is no backup, or damaged; or there is an index and not `replace`.
        IndexingError: IndexLocked, StoreUnavailable.

    """
    lacking = restoring.restore(
        file, settings.index, chroma=settings.chroma, database=settings.database, replace=replace
    )
    return repair(settings).after if lacking else None


def _held(
    settings: Settings, built: Fingerprint
) -> AbstractContextManager[tuple[Opened, Manifest]]:
    return checking.held(settings.index, built, settings.database)


def _check(settings: Settings, opened: Opened, manifest: Manifest, know: Knowledge) -> Findings:
    return checking.check(opened, manifest, know, chroma=settings.chroma)


def _knowledge(settings: Settings, embedder: Embedder) -> Knowledge:
    def passages(article: Article) -> list[Passage]:
        limits = Limits(settings.passage_words, settings.overlap_sentences, embedder.max_tokens)
        return split(article, embedder.token_starts, limits)

    return Knowledge(
        identify=article_id,
        split=passages,
        sign=duplicates.signature,
        embed=embedder.documents,
        dimension=embedder.dimension,
    )


# --- as the command line says it


def as_text(found: Findings) -> str:
    """One line a fault with what to do, then how much there is."""
    lines = [
        f"{_line(fault)}  →  {_DO.get(fault.kind, _REPAIR)}" for fault in found.faults[:_SHOWN]
    ]
    if more := len(found.faults) - _SHOWN:
        lines += [f"… and {more} more"] if more > 0 else []
    lines += [f"{path}: the next ingest reads it again" for path in found.to_read]
    number = len(found.faults)
    faults = "no fault" if not number else f"{number} fault{'' if number == 1 else 's'}"
    return "\n".join([*lines, f"{_counts(found)}: {faults}"])


def repaired_text(done: Repaired) -> str:
    """What was mended, what has to be read again, and what is wrong still."""
    lines = [_mended(fault) for fault in done.before.faults[:_SHOWN]]
    if more := len(done.before.faults) - _SHOWN:
        lines += [f"… and {more} more"] if more > 0 else []
    lines += [f"{done.embedded} passages embedded again"] if done.embedded else []
    return "\n".join([*lines, as_text(done.after)])


def backed_up_text(made: Backup) -> str:
    """One line on a backup that was made."""
    held = Findings((), (), made.files, made.articles, made.passages)
    lacking = (
        f"; {made.without_vector} without a vector, which a restore makes again"
        if made.without_vector
        else ""
    )
    return f"{made.file}: {_counts(held)}, {made.size / 1e6:,.1f} MB{lacking}"


def as_json(found: Findings) -> dict[str, Any]:
    """The object that `byline check --json` prints."""
    return {
        "sound": not found.faults,
        "files": found.files,
        "articles": found.articles,
        "passages": found.passages,
        "faults": [
            {"kind": f.kind, "where": f.where, "what": f.what, "do": _DO.get(f.kind, _REPAIR)}
            for f in found.faults
        ],
        "to_read": list(found.to_read),
    }


def repaired_json(done: Repaired) -> dict[str, Any]:
    """The object that `byline repair --json` prints."""
    return {
        "mended": as_json(done.before)["faults"],
        "embedded": done.embedded,
        **as_json(done.after),
    }


def _mended(fault: Fault) -> str:
    if fault.kind not in ("altered", "link"):
        return f"mended: {_line(fault)}"
    return f"dropped: {_line(fault)}; byline ingest FOLDER reads the file again"


def _line(fault: Fault) -> str:
    return f"{fault.where}: {fault.what}"


def _counts(found: Findings) -> str:
    each = (("file", found.files), ("article", found.articles), ("passage", found.passages))
    return ", ".join(f"{n} {name}{'' if n == 1 else 's'}" for name, n in each)

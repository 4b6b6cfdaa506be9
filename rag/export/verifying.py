"""Do the words that an evidence pack cites still stand where it says? Needs the files alone.

A pack may come from anywhere: its paths are followed inside the given folders only.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rag.articles import READER, printable, read_file
from rag.articles.paths import UPLOADS, contained_file_of
from rag.errors import ArticleError, IndexMissing, PackError
from rag.export.evidence_pack import seal
from rag.schema import Article
from rag.settings import Settings
from vectorstore.index_folder import from_text
from vectorstore.opening import manifest_of

Finding = Literal["stands", "moved", "changed", "gone", "altered"]

USUAL = Settings().index  # the index where none is named
_GONE: Finding = "gone"
_CREDITS = ("title", "author", "outlet", "published")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one citation; of the pack as a whole if `number` is 0.

    "moved": the words stand elsewhere in the article. "changed": they are no longer in it.
    "gone": there is no such file or article. "altered": the pack is not as it was made.
    """

    answer: int  # 1-based
    number: int
    file: str
    finding: Finding
    words: str  # for a reader

    @property
    def line(self) -> str:
        """The verdict on one line."""
        if not self.number:
            return printable(f"{self.finding}: {self.words}")
        about = f" ({self.words})" if self.words else ""
        line = f"answer {self.answer} [{self.number}] {self.file}: {self.finding}{about}"
        return printable(line)  # a pack may come from anybody


@dataclass(frozen=True, slots=True)
class _Text:
    """A file as it is now."""

    sha256: str
    articles: tuple[Article, ...]


def folders(
    pack: Mapping[str, Any],
    articles: Path | None = None,
    index: Path | None = None,
    usual: Path = USUAL,
) -> tuple[Path | None, Path]:
    """The folders of the articles and of the files added on the page.

    `articles` as given, else those of the `index` given, else as a pack of version 1 says (later
    ones name no folder), else those of the index that is used where none is given, `usual`.

    Raises:
        IndexMissing: nothing is given, and there is no index.
        PackError: the pack is damaged.

    """
    folder = index or usual
    if articles is not None:
        return articles, folder / UPLOADS
    if index is None and pack["version"] == 1:
        return _named(pack)
    return folder_of(folder), folder / UPLOADS


def _named(pack: Mapping[str, Any]) -> tuple[Path | None, Path]:
    try:
        folder, uploads = pack["articles"]["folder"], pack["articles"]["uploads"]
        return (None if folder is None else Path(folder)), Path(uploads)
    except (KeyError, TypeError) as error:
        raise PackError("The pack is damaged: it does not say where its articles are.") from error


def folder_of(index: Path) -> Path | None:
    """The folder of articles that an index is of; no model is loaded. Raises IndexingError."""
    if not (index / "manifest.db").is_file():
        raise IndexMissing(
            f"There is no index in {index}. Say where the articles are: --articles FOLDER, or "
            "--index DIR."
        )
    with closing(manifest_of(index)) as manifest:
        return from_text(manifest.get("folder"))


def verify(pack: Mapping[str, Any], folder: Path | None, uploads: Path) -> list[Verdict]:
    """A verdict on the pack if it was altered, and one on each citation.

    `folder` holds the articles, `uploads` those that were added on the page.

    Raises:
        PackError: the pack lacks what a pack has.

    """
    known: dict[str, _Text | str] = {}
    try:
        sealed = pack["seal"] == seal(pack)
        verdicts = [
            _verdict(citation, number, pack["software"]["reader"], folder, uploads, known)
            for number, answer in enumerate(pack["answers"], start=1)
            for citation in answer["citations"]
        ]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise PackError(f"The pack is damaged: {type(error).__name__} at {error}.") from error
    changed = "the pack was changed after it was made; its seal does not match what it says"
    return [*([] if sealed else [Verdict(0, 0, "", "altered", changed)]), *verdicts]


def _verdict(
    citation: Mapping[str, Any],
    answer: int,
    reader: int,
    folder: Path | None,
    uploads: Path,
    known: dict[str, _Text | str],
) -> Verdict:
    """Judge one citation; `known` keeps what was read."""
    source = citation["source"] or {"file": citation["file"].partition("#")[0], "sha256": None}
    path = source["file"]
    if path not in known:
        known[path] = _read(path, folder, uploads)
    now, finding = known[path], _GONE
    if isinstance(now, str):
        words = now
    else:
        same = now.sha256 == source["sha256"] and reader == READER
        finding, words = _judged(citation, now.articles, same)
    return Verdict(answer, int(citation["number"]), str(citation["file"]), finding, words)


def _read(path: str, folder: Path | None, uploads: Path) -> _Text | str:
    """The file now, or why there is none."""
    try:
        file = contained_file_of(path, folder, uploads)
    except ArticleError:
        return "the path leads out of the folder of articles"
    except ValueError:  # a NUL
        return "the pack names no path that a file can have"
    if file is None:
        return "the pack names no folder of articles; give it by --articles"
    try:
        if not file.is_file():
            return f"there is no such file in {file.parent}"
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        return _Text(sha256, read_file(file, path).articles)
    except OSError as error:
        return f"the file cannot be read: {error.strerror}"
    except ArticleError as error:
        return f"the file can no longer be read: {error}"
    except ValueError:  # a NUL
        return "the pack names no path that a file can have"


def _judged(
    citation: Mapping[str, Any], articles: Sequence[Article], same: bool
) -> tuple[Finding, str]:
    """`same`: file and reader are those of the pack, so that all must be as it says."""
    article = _meant(citation, articles)
    if article is None:
        return "gone", "the article is no longer in the file"
    start, end, quote = int(citation["start"]), int(citation["end"]), str(citation["quote"])
    stands = 0 <= start < end and article.text[start:end] == quote
    if same and not stands:
        return "altered", "the file is the same, but these are not its words at that place"
    wrong = [name for name in _CREDITS if citation[name] != _credit(article, name)]
    if same and wrong:
        return "altered", f"the file is the same, but its {' and '.join(wrong)} not as given"
    if stands:
        return "stands", "" if same else "the file has changed elsewhere"
    place = min(_places(quote, article.text), key=lambda at: abs(at[0] - start), default=None)
    if place is not None:
        return "moved", f"the words now stand at characters {place[0]}–{place[1]}"
    if same_text := _of_content(citation, articles):
        return "moved", f"the article is now {same_text.path}"
    return "changed", "these words are no longer in the article"


def _meant(citation: Mapping[str, Any], articles: Sequence[Article]) -> Article | None:
    """The cited article: the one of that path, else of that content."""
    by_path = (item for item in articles if item.path == citation["file"])
    return next(by_path, None) or _of_content(citation, articles)


def _of_content(citation: Mapping[str, Any], articles: Sequence[Article]) -> Article | None:
    return next((item for item in articles if item.id == citation["article"]), None)


def _credit(article: Article, name: str) -> str | None:
    value = getattr(article, name)
    return str(value) if value is not None else None


def _places(quote: str, text: str) -> Iterator[tuple[int, int]]:
    """Where the words of `quote` stand, however their lines are broken."""
    words = quote.split()
    if words:
        pattern = r"\s+".join(map(re.escape, words))
        yield from (match.span() for match in re.finditer(pattern, text))

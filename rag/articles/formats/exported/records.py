"""Articles given by field names, one to a line, row or item."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rag.articles.assembling import assemble
from rag.articles.cleaning import clean_text, one_line, paragraphs
from rag.articles.coverage import counted
from rag.articles.drafts import Block, Meta, is_prose
from rag.articles.formats.exported.exports import Program, program_of
from rag.articles.formats.exported.field_values import Known, known_fields, names_text, plain
from rag.articles.formats.fields import read_fields
from rag.articles.reading import Reading
from rag.errors import ArticleError
from rag.schema import Article, FailedFile

USUAL_TEXT = "text, content, body or article"  # for messages
_HTML = re.compile(
    r"<(?:p|br|div|h[1-6]|ul|ol|li|blockquote|article|section)\b[^<>]*>"
    r"|</(?:a|b|i|em|strong|span|s|del|ins|sup)>",
    re.IGNORECASE,
)
_ENTITY = re.compile(
    r"&(?:amp|lt|gt|quot|apos|nbsp|[lr][sd]quo|[nm]dash|hellip|#\d{2,5}|#x[\da-f]{2,5});"
)
_CUT = re.compile(r"\s*(?:…|\.{3})?\s*\[\+?\d+ (?:more )?char(?:acter)?s?\]\s*$")
_STUB = re.compile(  # what stands where words were taken away
    r"\s*[\[(]\s*(?:removed|deleted|entfernt|gelöscht|supprimée?|effacée?|eliminado|borrado|rimosso|"
    r"verwijderd)(?: by [\w ]{1,30})?\s*[\])]\s*",
    re.IGNORECASE,
)
_SHARED = 0.8  # of a standfirst's words, from which on the text says it already
_MOST_NAMED = 100  # failures of one file; the rest is counted
_REMOVED = "Its text was removed before it was exported: only “[removed]” stands there."
ONLY_LINKS = (
    "It holds links and titles but no text: save the pages that it links to, or export with the"
    " articles' full text."
)


@dataclass(frozen=True, slots=True)
class Record:
    """Fields by their names as found; `number` is its line, row or item, from 1.

    `trouble` says why there are no fields, `program` which one wrote them, if that is known from
    the file, `root` is the file that they lie in.
    """

    number: int
    values: Mapping[str, Any]
    trouble: str | None = None
    program: Program | None = None
    root: Any = None


def has_text(values: Mapping[str, Any]) -> bool:
    """Whether one of the fields can be an article's text."""
    return names_text(values)


def read_records(records: Iterable[Record], path: str, what: str) -> Reading:
    """Read each record into an article that is cited as `path#id`, or as `path#number`.

    `what` is "line", "row" or "item", for the reasons why one is no article.

    Those of which the export holds nothing but "[removed]" are left out.

    Raises:
        ArticleError: there are links alone, or nothing but "[removed]".

    """
    articles: list[Article] = []
    failed: list[FailedFile] = []
    taken: dict[str, int] = {}
    held: list[str] = []
    stubs = 0
    for record in records:
        record = _recognised(record)
        program = record.program
        if program and not program.takes(record.values):
            continue
        known = _without_stubs(known_fields(record.values, program, record.root))
        if _is_stub(record, known):
            stubs += 1
            continue
        if program and program.posts and not known.text:
            continue  # a picture, a sticker
        try:
            name = _name(record, known, taken, what)
            articles.append(_read(record, known, f"{path}#{name}"))
            held += plain(record.values)
            taken[name] = record.number
        except ArticleError as error:
            failed.append(FailedFile(f"{path}, {what} {record.number}", str(error)))
    if stubs and not articles and not failed:
        raise ArticleError(_REMOVED)
    if failed and not articles and all(item.reason == ONLY_LINKS for item in failed):
        raise ArticleError(ONLY_LINKS)
    more = len(failed) - _MOST_NAMED
    if more > 0:
        failed[_MOST_NAMED:] = [FailedFile(path, f"{more:,} more {what}s could not be read.")]
    return counted(articles, path, held, failed=failed)


def read_record(record: Record, path: str) -> Reading:
    """Read one article.

    Raises:
        ArticleError: there is no text, or the record was malformed.

    """
    record = _recognised(record)
    known = _without_stubs(known_fields(record.values, record.program, record.root))
    if _is_stub(record, known):
        raise ArticleError(_REMOVED)
    return counted([_read(record, known, path)], path, plain(record.values))


def _is_stub(record: Record, known: Known) -> bool:
    """Whether the export says that the text was removed, and nothing else is there."""
    said = any(map(_says_removed, record.values.values()))
    return said and not (known.text or known.leads or known.remarks or known.quoted)


def _without_stubs(known: Known) -> Known:
    """What is known, without "[removed]" for a text or "[deleted]" for a name."""
    return replace(
        known,
        values={key: value for key, value in known.values.items() if not _says_removed(value)},
        text="" if _says_removed(known.text) else known.text,
        leads=tuple(lead for lead in known.leads if not _says_removed(lead)),
        quoted=tuple(it for it in known.quoted if not _says_removed(it[0])),
        remarks=tuple(
            (words, None if _says_removed(who) else who)
            for words, who in known.remarks
            if not _says_removed(words)
        ),
    )


def _says_removed(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return bool(value) and all(map(_says_removed, value))
    return isinstance(value, str) and _STUB.fullmatch(value) is not None


def _recognised(record: Record) -> Record:
    program = record.program or program_of(record.values, record.root)
    return replace(record, program=program)


def _read(record: Record, known: Known, path: str) -> Article:
    if record.trouble:
        raise ArticleError(record.trouble)
    text = known.text
    if not text and not known.remarks:
        if known.values.get("url"):
            raise ArticleError(ONLY_LINKS)
        if names_text(record.values):
            raise ArticleError("Its text is empty.")
        raise ArticleError(f"It has no text; name the field {USUAL_TEXT}.")
    whole = _CUT.sub("", text)
    blocks = [*_leads(known.leads, whole), *text_blocks(whole)]
    blocks += [Block(part.text, author=who or "quoted post")
               for words, who in known.quoted for part in text_blocks(words)]  # fmt: skip
    blocks += [Block(clean_text("\n\n".join(part.text for part in text_blocks(words))), "comment",
                     who) for words, who in known.remarks]  # fmt: skip
    is_part = whole != text or (record.program is not None and record.program.excerpts)
    return assemble(path, blocks, _meta(known), notes=("teaser",) if is_part else ())


def _leads(leads: Iterable[str], text: str) -> list[Block]:
    """Standfirsts, as far as the text does not say the same."""
    blocks: list[Block] = []
    said = _words(text)
    for lead in leads:
        words = _words(lead)
        if len(words & said) < _SHARED * len(words) and is_prose(one_line(_untagged(lead))):
            blocks += text_blocks(_CUT.sub("", lead))
            said |= words
    return blocks


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", _untagged(text).casefold()))


def _untagged(text: str) -> str:
    return html.unescape(re.sub(r"<[^<>]*>", " ", text))


def text_blocks(text: str) -> list[Block]:
    """Paragraphs of a text that may be HTML."""
    if _HTML.search(text):
        from rag.articles.formats.webpages.markup import parse_html, read_blocks

        return read_blocks(parse_html(text))
    if _ENTITY.search(text):
        text = html.unescape(text)
    return [Block(part) for part in paragraphs(text)]


def _name(record: Record, known: Known, taken: Mapping[str, int], what: str) -> str:
    value = known.values.get("id")
    if value is None:
        name = str(record.number)
        return name if name not in taken else f"{what}-{name}"
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ArticleError("Its id must be text or a whole number.")
    name = one_line(str(value)) or str(record.number)
    if name in taken:
        raise ArticleError(f"It has the same id as {what} {taken[name]}: {name}.")
    return name


def _meta(known: Known) -> Meta:
    values = dict(known.values)
    title = values.get("title")
    if isinstance(title, str):
        values["title"] = html.unescape(_untagged(title) if _HTML.search(title) else title)
    return read_fields(values)

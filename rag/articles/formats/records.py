"""Articles given by field names, one to a line, row or item: which names are usual for what."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rag.articles.assembling import assemble
from rag.articles.cleaning import clean_text, one_line, paragraphs
from rag.articles.drafts import Block, Meta
from rag.articles.formats.fields import read_fields
from rag.articles.reading import Reading
from rag.errors import ArticleError
from rag.schema import Article, FailedFile
from rag.text.words import letters

USUAL_TEXT = "text, content, body or article"  # for messages
_NAMES = {  # case and separators are ignored; the first that is there and not empty counts
    "id": "id uid guid uuid articleid docid",
    "title": "title headline articletitle headlinemain webtitle name heading",
    "text": (
        "text content body articlebody articletext fulltext bodytext maintext contenttext"
        " articlecontent story article contenthtml bodyhtml html rawtext plaintext textcontent"
    ),
    "author": "author authors byline by writer creator journalist authorname reporter",
    "outlet": (
        "outlet publication publisher newspaper sitename site sourcename journal magazine media"
        " website sourcedomain domain"
    ),
    "source": "source",
    "published": (
        "published date datepublished publishedat publishdate pubdate publicationdate"
        " publisheddate dateofpublication datepublish webpublicationdate publishedon datetime"
    ),
    "url": "url link articleurl canonicalurl sourceurl permalink weburl externalurl href",
    "section": "label section category categories sectionname rubric genre",
}
_USES = {name: use for use, names in _NAMES.items() for name in names.split()}
_NESTED = ("fields", "_source")  # where some exports keep the fields
_HTML = re.compile(
    r"<(?:p|br|div|h[1-6]|ul|ol|li|blockquote|article|section)\b[^<>]*>"
    r"|</(?:a|b|i|em|strong|span)>",
    re.IGNORECASE,
)
_ENTITY = re.compile(
    r"&(?:amp|quot|apos|nbsp|[lr][sd]quo|[nm]dash|hellip|#\d{2,5}|#x[\da-f]{2,5});"
)
_QUOTED = re.compile(r"(['\"])(.+?)\1(?=\s*[,\]])")  # an item of a list that was printed
_MOST_NAMED = 100  # failures of one file; the rest is counted


@dataclass(frozen=True, slots=True)
class Record:
    """Fields by their names as found; `number` is its line, row or item, from 1.

    `trouble` says why there are no fields.
    """

    number: int
    values: Mapping[str, Any]
    trouble: str | None = None


def uses(names: Iterable[str]) -> set[str]:
    """What the field names are for: "text", "title" and so on."""
    return {use for name in names if (use := _USES.get(letters(name)))}


def has_text(values: Mapping[str, Any]) -> bool:
    """Whether one of the fields can be an article's text."""
    return "text" in uses(_flat(values))


def read_records(records: Iterable[Record], path: str, what: str) -> Reading:
    """Read each record into an article that is cited as `path#id`, or as `path#number`.

    `what` is "line", "row" or "item", for the reasons why one is no article.
    """
    articles: list[Article] = []
    failed: list[FailedFile] = []
    taken: dict[str, int] = {}
    for record in records:
        try:
            name = _name(record, taken, what)
            articles.append(read_record(record, f"{path}#{name}"))
            taken[name] = record.number
        except ArticleError as error:
            failed.append(FailedFile(f"{path}, {what} {record.number}", str(error)))
    more = len(failed) - _MOST_NAMED
    if more > 0:
        failed[_MOST_NAMED:] = [FailedFile(path, f"{more:,} more {what}s could not be read.")]
    return Reading(tuple(articles), tuple(failed))


def read_record(record: Record, path: str) -> Article:
    """Read one article.

    Raises:
        ArticleError: there is no text, or the record was malformed.

    """
    if record.trouble:
        raise ArticleError(record.trouble)
    known = _by_use(record.values)
    text = known.pop("text", None)
    if not isinstance(text, str) and has_text(record.values):
        raise ArticleError("Its text is empty.")
    if not isinstance(text, str):
        raise ArticleError(f"It has no text; name the field {USUAL_TEXT}.")
    return assemble(path, text_blocks(text), _meta(known))


def text_blocks(text: str) -> list[Block]:
    """Paragraphs of a text that may be HTML."""
    if _HTML.search(text):
        from rag.articles.formats.markup import parse_html, read_blocks

        return read_blocks(parse_html(text))
    if _ENTITY.search(text):
        text = html.unescape(text)
    return [Block(part) for part in paragraphs(text)]


def _name(record: Record, taken: Mapping[str, int], what: str) -> str:
    value = _by_use(record.values).get("id")
    if value is None:
        name = str(record.number)
        return name if name not in taken else f"{what}-{name}"
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ArticleError("Its id must be text or a whole number.")
    name = one_line(str(value)) or str(record.number)
    if name in taken:
        raise ArticleError(f"It has the same id as {what} {taken[name]}: {name}.")
    return name


def _by_use(values: Mapping[str, Any]) -> dict[str, Any]:
    """The first value that is not empty for each use, in the order of the usual names."""
    by_name = {letters(key): value for key, value in _flat(values).items()}
    found: dict[str, Any] = {}
    for name, use in _USES.items():
        value = by_name.get(name)
        if use == "text":
            value = _as_text(value)
        if use not in found and value not in (None, "", [], {}):
            found[use] = value
    return found


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    nested = [inner for key in _NESTED if isinstance(inner := values.get(key), Mapping)]
    return {key: _bare(value) for each in (*nested, values) for key, value in each.items()}


def _bare(value: Any) -> Any:
    return value["rendered"] if isinstance(value, Mapping) and "rendered" in value else value


def _as_text(value: Any) -> str | None:
    """Text of a field: a string, or a list of paragraphs."""
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        value = "\n\n".join(value)
    return value if isinstance(value, str) and clean_text(value) else None


def _meta(known: Mapping[str, Any]) -> Meta:
    author = known.get("author")
    if isinstance(author, str) and author.startswith("["):
        author = [name for _, name in _QUOTED.findall(author[:2000])] or author
    title = known.get("title")
    if isinstance(title, str):
        title = html.unescape(title) if _ENTITY.search(title) else title
    return read_fields({**known, "author": author, "title": title})

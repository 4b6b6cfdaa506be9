"""What the fields of a record hold: text, names, dates, in whatever form programs write them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate
from functools import cache
from typing import Any

from rag.articles.bylines import read_byline
from rag.articles.cleaning import clean_text, one_line
from rag.articles.drafts import is_prose
from rag.articles.formats.exported.exports import Program, bare, names, picked, raw
from rag.articles.personal_names import is_name
from rag.text.dates import parse_date
from rag.text.translated import in_english

_NESTED = ("fields", "_source")  # where some exports keep the fields
_QUOTED = re.compile(r"(['\"])(.+?)\1(?=\s*[,\]])")  # an item of a list that was printed
_FIGURES = re.compile(r"\d{9,13}(?:\.\d+)?")
_COMPACT = re.compile(r"(\d{8})\d{6}")  # 20240506090000
_BY = re.compile(r"by\s+", re.IGNORECASE)
_DASHED = re.compile(r"\b(\d{1,2})-(\d{1,2})-(\d{4})\b")
_HANDLE = re.compile(r"https?://[^/\s]+/(?:@|users/)(?P<name>[\w.-]+)/?")
_ACCOUNT = re.compile(r"acct:(?P<name>[^@\s]+)@\S+")
_SHARED_POST = re.compile(r"RT (?P<who>@\w+): ")
_INVERTED = re.compile(r"(?P<last>[^,;]+),\s*(?P<first>[^,;]+)")
_DROPPED = re.compile(
    r"<(script|style|del|s|strike|template)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(r"<[^<>]*>")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{12}")
_URL = re.compile(r"\S+://\S+")
_MILLISECONDS = 1e11  # seconds reach this in the year 5138
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Known:
    """What a record says: fields under the names of `read_fields`, and whose words are in it.

    `remarks` are by whoever kept the article, `quoted` are posts within a post; each with a name,
    if there is one.
    """

    text: str
    values: Mapping[str, Any]
    leads: tuple[str, ...] = ()
    remarks: tuple[tuple[str, str | None], ...] = ()
    quoted: tuple[tuple[str, str | None], ...] = field(default=())


def known_fields(values: Mapping[str, Any], program: Program | None, root: Any) -> Known:
    """What a record says, by its program's names or by usual ones.

    Where no field that is named for it holds text, the longest piece of prose is the text.
    """
    found = _by_program(values, program, root) if program else usual_fields(values)
    if found.text or found.remarks:
        return found
    leads = sorted((lead for lead in found.leads if _is_prose(lead)), key=len, reverse=True)
    text = next(iter(leads), None) or max(_prose(values), key=len, default="")
    rest = tuple(lead for lead in found.leads if lead != text)
    return Known(text, found.values, rest)


def _by_program(values: Mapping[str, Any], program: Program, root: Any) -> Known:
    def every(use: str) -> list[list[Any]]:
        return [picked(values, path, root) for path in program.uses.get(use, ())]

    def first(use: str) -> Any:
        return next((found[0] for found in every(use) if found), None)

    texts = [_whole(raw(values, path, root)) for path in program.uses.get("text", ())]
    text = next(filter(None, texts), "")
    also = [_whole(raw(values, path, root)) for path in program.uses.get("also", ())]
    author = next((who for found in every("author") if (who := _authors(found, program))), None)
    if program.posts and (shared := _SHARED_POST.match(text)):
        author = shared["who"]
    known: dict[str, Any] = {
        "id": first("id"),
        "title": first("title"),
        "author": author,
        "outlet": first("outlet"),
        "published": next(filter(None, (_day(v) for vs in every("published") for v in vs)), None),
        "updated": next(filter(None, (_day(v) for vs in every("updated") for v in vs)), None),
        "url": first("url"),
        "section": [value for found in every("section") for value in found],
        "language": first("language"),
    }
    leads = [_whole(raw(values, path, root)) for path in program.uses.get("lead", ())]
    return Known(
        "\n\n".join(filter(None, [text, *(words for words in also if words not in text)])),
        {use: value for use, value in known.items() if value not in (None, "", [])},
        tuple(filter(None, leads)),
        _said(every("remark"), every("remark_by")),
        _said(every("quoted"), every("quoted_by")),
    )


def _said(texts: list[list[Any]], people: list[list[Any]]) -> tuple[tuple[str, str | None], ...]:
    """Each of some texts with its person, if there are as many, or one for all."""
    words = next(([text for text in map(_text, found) if text] for found in texts if found), [])
    whose = next((found for found in people if found), [])
    named = [_person(each) for each in whose]
    named = named if len(named) == len(words) else named[:1] * len(words)
    return tuple(zip(words, named or [None] * len(words), strict=True))


def usual_fields(values: Mapping[str, Any]) -> Known:
    """What a record says by the names that are usual in any of the languages."""
    by_name = {bare(str(key)): value for key, value in _flat(values).items()}
    found: dict[str, Any] = {}
    language = None
    leads: list[str] = []
    for spoken, uses in names().items():
        for use, usual in uses.items():
            for name in usual:
                value = by_name.get(name)
                value = _text(value) if use in ("text", "lead") else value
                if value in (None, "", [], {}):
                    continue
                if use == "lead":
                    leads += [value] if value not in leads else []
                elif use not in found:
                    found[use] = value
                    language = language or (spoken if spoken != "en" else None)
    text = found.pop("text", "")
    if "author" in found:
        found["author"] = _authors([found["author"]], None) or found["author"]
    if "published" in found:
        found["published"] = _day(found["published"], language)
    return Known(text, found, tuple(leads))


def names_text(values: Mapping[str, Any]) -> bool:
    """Whether one of the fields is called like an article's text."""
    return "text" in uses(_flat(values))


def uses(keys: Iterable[str]) -> set[str]:
    """What the field names are for: "text", "title" and so on."""
    return {use for key in keys if (use := _usual().get(bare(str(key))))}


@cache
def _usual() -> dict[str, str]:
    found: dict[str, str] = {}
    for table in names().values():
        for use, usual in table.items():
            for name in usual:
                found.setdefault(name, use)
    return found


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    nested = [inner for key in _NESTED if isinstance(inner := values.get(key), Mapping)]
    return {key: value for each in (*nested, values) for key, value in each.items()}


# --- text


def _whole(found: list[Any]) -> str:
    return "\n\n".join(filter(None, map(_text, found)))


def _text(value: Any) -> str:
    """Text of a field: a string, paragraphs, a string in pieces, or what lies in "rendered"."""
    if isinstance(value, str):
        return value if clean_text(value) else ""
    if isinstance(value, Mapping):
        inner = (_text(value.get(key)) for key in ("rendered", "content", "text", "html"))
        return next(filter(None, inner), "")
    if not isinstance(value, list):
        return ""
    in_pieces = any(isinstance(item, Mapping) and "type" in item for item in value)
    if in_pieces and all(isinstance(item, str | Mapping) for item in value):
        kept = (item for item in value if isinstance(item, str) or item["type"] != "strikethrough")
        return "".join(
            item if isinstance(item, str) else str(item.get("text", "")) for item in kept
        )
    return "\n\n".join(filter(None, map(_text, value)))


def plain(values: Any) -> list[str]:
    """Every piece of prose in a record without its marks, and no piece that another one holds."""
    found = sorted(map(_unmarked, _prose(values)), key=len, reverse=True)
    kept: list[tuple[str, set[str]]] = []
    for text in found:
        words = set(re.findall(r"\w+", text.casefold()))
        if all(len(words & others) < 0.8 * len(words) for _, others in kept):
            kept.append((text, words))
    return [text for text, _ in kept]


def _prose(value: Any, depth: int = 0) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        if _is_prose(value):
            yield value
    elif isinstance(value, Mapping):
        if value.get("type") != "strikethrough":
            for inner in value.values():
                yield from _prose(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _prose(inner, depth + 1)


def _is_prose(text: str) -> bool:
    line = one_line(_unmarked(text[:100_000])) if " " in text or _UNSPACED.search(text) else ""
    return (
        bool(line)
        and not _URL.fullmatch(line)
        and (is_prose(line) or _UNSPACED.search(line) is not None)
    )


def _unmarked(text: str) -> str:
    return (
        html.unescape(_TAG.sub(" ", _DROPPED.sub(" ", text)))
        if "<" in text or "&" in text
        else text
    )


# --- names and dates


def _authors(values: list[Any], program: Program | None) -> list[str] | str | None:
    people: list[str] = []
    for value in values:
        if isinstance(value, str) and value.startswith("["):
            people += [name for _, name in _QUOTED.findall(value[:2000])] or [value]
        elif isinstance(value, str) and program and program.inverted:
            people += [_turned(name) for name in value.split(";") if name.strip()]
        elif isinstance(value, list):
            inner = _authors(value, program)
            people += [inner] if isinstance(inner, str) else inner or []
        elif name := _person(value):
            people.append(name)
    return list(dict.fromkeys(people)) or None


def _person(value: Any) -> str | None:
    """The name that a field gives a person, whether whole, in two pieces, or as an account."""
    if isinstance(value, Mapping):
        given = " ".join(
            part
            for keys in (("given", "firstName"), ("non-dropping-particle",), ("family", "lastName"))
            for key in keys
            if isinstance(part := value.get(key), str) and part
        )
        whole = next(
            (v for key in ("name", "literal", "display_name") if (v := value.get(key))), None
        )
        return one_line(str(whole or given)) or None
    if not isinstance(value, str):
        return None
    if handle := _HANDLE.fullmatch(value):
        return f"@{handle['name']}"
    if account := _ACCOUNT.fullmatch(value):
        return account["name"]
    name = one_line(value)
    byline = None if is_name(name) else read_byline(f"By {_BY.sub('', name)}")
    return (byline.author if byline else None) or name or None


def _turned(name: str) -> str:
    match = _INVERTED.fullmatch(name.strip())
    return one_line(f"{match['first']} {match['last']}" if match else name)


def _day(value: Any, language: str | None = None) -> date | str | None:
    """A day that a program wrote, or a text that may still be one."""
    if isinstance(value, Mapping):
        return _parts(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _counted(float(value))
    if not isinstance(value, str):
        return None
    text = value.strip()
    if _FIGURES.fullmatch(text):
        return _counted(float(text))
    if compact := _COMPACT.fullmatch(text):
        return parse_date(compact[1])
    slashed = _DASHED.sub(r"\1/\2/\3", text)
    return parse_date(text) or _of_mail(text) or parse_date(in_english(slashed, language)) or text


def _counted(seconds: float) -> date | None:
    seconds = seconds / 1000 if seconds > _MILLISECONDS else seconds
    try:
        return datetime.fromtimestamp(seconds, UTC).date() if seconds > 1e8 else None
    except (OverflowError, ValueError, OSError):
        return None


def _of_mail(text: str) -> date | None:
    """Day of "Mon, 06 May 2024 …" and "Mon May 06 09:00:00 +0000 2024"."""
    parts = parsedate(text) if ":" in text else None
    try:
        return date(*parts[:3]) if parts else None
    except ValueError:
        return None


def _parts(value: Mapping[str, Any]) -> date | str | None:
    """Day of references: {"date-parts": [[2024, 5, 6]]} or {"raw": "2024-05-06"}."""
    parts = value.get("date-parts")
    try:
        year, month, day = (int(part) for part in parts[0])  # type: ignore[index]
        return date(year, month, day)
    except (TypeError, ValueError, IndexError, KeyError):
        raw_date = value.get("raw") or value.get("literal")
        return _day(raw_date) if isinstance(raw_date, str) else None

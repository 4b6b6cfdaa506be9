"""One line or two: what the index holds, what was done, what went wrong, and what a tab is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.articles.paths import without_mark
from rag.indexing.pace import time_left
from rag.schema import Scope, Step
from rag.web.html.elements import counted, dotted, excerpt, printed


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is set: the number of its field, its value there, and what to call it."""

    field: int
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file, by the name that it came with."""

    name: str
    reason: str | None = None  # why it was not added; None: it was
    kept: str = ""  # what it is kept as, though it could not be read
    articles: tuple[tuple[str, str], ...] = ()  # id and headline, if any, of the first
    more: int = 0  # articles that it has besides


def header(files: int, articles: int, user: str = "") -> str:
    """Return the line at the top: the name, what it is, what is in the index, who is signed in."""
    return printed("notices", "header", files, articles, user)


def connection() -> str:
    """Return the line that says, by `static/live.js`, that the server does not answer."""
    return printed("notices", "connection")


def note(text: str) -> str:
    """Return a plain remark; empty for none."""
    return printed("notices", "note", text)


def trouble(text: str) -> str:
    """Return what is wrong with what was asked for."""
    return printed("notices", "trouble", text)


def done(text: str) -> str:
    """Return what was done."""
    return printed("notices", "done", text)


def undone(text: str) -> str:
    """Return why something was not done."""
    return printed("notices", "undone", text)


def key_line(text: str) -> str:
    """Return what is said of the key; never the key."""
    return printed("notices", "key_line", text)


def verdict(ok: bool | None, text: str) -> str:
    """Return one line of a check; `ok` None: nothing was looked at yet."""
    marks = {True: ("good", "ready"), False: ("bad", "not ready"), None: ("idle", "not checked")}
    return printed("notices", "verdict", *marks[ok], text)


def chips(found: Sequence[Chip]) -> str:
    """Return each filter as a button that takes it away; empty for none."""
    return printed("notices", "filters", found)


def limits(found: Scope) -> str:
    """Return how many articles pass the filters, or why none does."""
    if found.filters and not found.searched:
        return trouble(found.trouble)
    many = counted(found.articles, "article")
    passing = f"{found.searched:,} of {many} pass." if found.filters else f"All {many} pass."
    return note(f"{passing if found.articles else 'No articles yet.'} {found.trouble}")


# --- what was added


def added(lines: Sequence[Added], partly: Sequence[tuple[str, str]] = ()) -> str:
    """Return a line for each file: its articles, why it failed, or why it was read in part."""
    return printed("notices", "added", lines, sum(line.reason is None for line in lines), partly)


def reading(step: Step) -> str:
    """Return how far an ingest is, as a bar and in words."""
    files = counted(step.total, "file")
    name = excerpt(without_mark(step.path), 60)
    what = (f"{step.done:,} of {files}", time_left(step.left), name) if name else (f"{files}…",)
    failed = [(without_mark(item.file), item.reason) for item in reversed(step.latest)]
    return printed("notices", "reading", step, dotted(what), failed, step.failed - len(step.latest))


# --- what a tab is for


def adding_hint(formats: str, most: int) -> str:
    """Return which files are read and how large they may be (MB)."""
    said = (
        f"{formats}; up to {most:,} MB each. Files are read and indexed on this machine, and each "
        "is reported: added, or why not. You can ask meanwhile."
    )
    return printed("notices", "adding_hint", said, most)


def advanced_hint() -> str:
    """Return what the settings under "Advanced" are for."""
    return note("For answers in the articles' own words. A language model decides by itself.")


def settings_hint() -> str:
    """Return what the settings hold for."""
    return note(
        "These hold for this browser tab until it is closed or loaded again, and for nobody else. "
        "The server's own settings stay as they are."
    )

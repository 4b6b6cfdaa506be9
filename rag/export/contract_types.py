"""The types of the command line's JSON, which the HTTP interface and its schemas are made from.

Keys may be added, at the end; none is renamed or removed. Offsets count code points of the stored
article text; shares and chances lie in 0..1; seconds are seconds.
"""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict  # pydantic takes no other before Python 3.12

from rag.schema import Kind, Status, Support


class SentenceJSON(TypedDict):
    """One sentence of an answer, the numbers it cites, and how far they bear it out."""

    text: str
    citations: list[int]
    support: Support
    reasons: list[str]
    judged_by: str


class CitationJSON(TypedDict):
    """What one number stands for: exactly `quote`, at `start` to `end` of the article's text."""

    number: int
    file: str
    title: str | None
    author: str | None
    outlet: str | None
    published: str | None
    kind: Kind
    speaker: str | None
    page: int | None
    start: int
    end: int
    quote: str
    warning: str
    time: str | None
    box: list[float] | None
    article_notes: list[str]
    article: str
    url: str


class HitJSON(TypedDict):
    """A passage that was found."""

    file: str
    start: int
    end: int
    text: str
    score: float
    warning: str
    article: str
    url: str


class RankedHitJSON(HitJSON):
    """A passage that was found, with where each step of the search put it (1 = best)."""

    dense_rank: int | None
    lexical_rank: int | None
    fused_rank: int | None
    rerank_score: float | None


class ScopeJSON(TypedDict):
    """How many articles were searched of how many, of which days, and what limited it."""

    articles: int
    of: int
    filters: str
    trouble: str
    since: str | None
    until: str | None


class SideJSON(TypedDict):
    """One value of what sources give differently, and the number of its citation."""

    value: str
    citation: int
    newest: bool


class DisagreementJSON(TypedDict):
    """What sources give differently."""

    about: str
    sides: list[SideJSON]


class AnswerJSON(TypedDict):
    """What a question got."""

    question: str
    standalone_question: str
    status: Status
    answer: str
    sentences: list[SentenceJSON]
    citations: list[CitationJSON]
    hits: list[HitJSON]
    dropped_markers: list[str]
    model: str
    seconds: dict[str, float]
    searched: ScopeJSON
    chance: float | None
    disagreements: list[DisagreementJSON]
    notes: list[str]


class SearchJSON(TypedDict):
    """The best passages for a question."""

    question: str
    hits: list[RankedHitJSON]
    seconds: dict[str, float]
    searched: ScopeJSON


class RowJSON(TypedDict):
    """What one source says; `url` is the article's own address, `permalink` Byline's."""

    published: str | None
    outlet: str | None
    author: str | None
    speaker: str | None
    words: str
    bearing: str
    why: str
    reference: bool
    chance: float
    article: str
    file: str
    title: str | None
    url: str | None
    kind: Kind
    page: int | None
    start: int
    end: int
    copies: list[str]
    warning: str
    permalink: str


class ComparisonJSON(TypedDict):
    """What each source says, by date."""

    question: str
    held_against: str
    weak: bool
    rows: list[RowJSON]
    seconds: dict[str, float]
    searched: ScopeJSON


class FileReasonJSON(TypedDict):
    """A file, and why it was not read or only in part."""

    file: str
    reason: str


class IngestJSON(TypedDict):
    """What one ingest did."""

    files: int
    added: int
    changed: int
    removed: int
    unchanged: int
    failed: list[FileReasonJSON]
    articles: int
    passages: int
    seconds: dict[str, float]
    partly: list[FileReasonJSON]


class PartJSON(TypedDict):
    """A stretch of an article's text: body, comment or caption, and whose words it is if known."""

    kind: Kind
    start: int
    end: int
    author: str | None


class ArticleJSON(TypedDict):
    """What is known of an article without its text."""

    id: str
    file: str
    title: str | None
    author: str | None
    outlet: str | None
    published: str | None
    label: str | None
    language: str | None
    original: str | None
    url: str


class WholeArticleJSON(ArticleJSON):
    """An article with the text that all offsets point into."""

    updated: str | None
    notes: list[str]
    files: list[str]
    text: str
    parts: list[PartJSON]
    pages: list[int]


class StretchJSON(ArticleJSON):
    """An article with a stretch of its text: `text` stands at `start` to `end` of `characters`."""

    start: int
    end: int
    characters: int
    text: str


class ArticlesJSON(TypedDict):
    """A page of the list, newest first, of `total` that pass; `next`: where the next one begins."""

    articles: list[ArticleJSON]
    total: int
    next: int | None


class FiltersJSON(TypedDict, total=False):
    """What may be looked at; what is left out does not limit.

    Dates are a day, a month or a year, however written ("2015", "June 2015", "2015-06-01");
    `until` and `as_of` include all of theirs. `files`: files, folders, patterns such as "*.pdf".
    """

    since: str
    until: str
    as_of: str
    outlets: list[str]
    authors: list[str]
    files: list[str]
    kinds: list[Kind]
    opinion: bool


class ProblemJSON(TypedDict):
    """Why a call failed: RFC 9457."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str

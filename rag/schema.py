"""The data's way: Article -> Passage -> Hit -> Answer with Citations.

One frozen type per stage; none grows optional fields on its way. Standard library only, so
that every other file may import this one. Offsets are code points in `Article.text`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

Kind = Literal["body", "comment", "caption"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Support = Literal["supported", "partial", "unsupported"]
Status = Literal["answered", "not_in_articles"]
EXTRACTIVE = "extractive"  # the model of an answer that no language model wrote


def printed_day(day: date | None) -> str:
    """A date as text, "4 March 2024"; empty for None."""
    return f"{day.day} {day:%B %Y}" if day else ""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an article of one kind and by one person.

    `author` of a comment: its reader, where the page says so. Of the body: whose words these are
    if they are not the article's author's, such as a quoted mail's or a turn of a transcript.
    """

    kind: Kind
    start: int
    end: int
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file that which begins at `start` stands, where a page does not say it.

    `time`: of a recording "00:01:12", of a live blog's entry as printed. `box`: left, top, right
    and bottom on the page's picture, as shares (0..1) of its width and height.
    """

    start: int
    time: str | None = None
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One article as stored: cleaned text that every offset points into, and who wrote it when.

    `id` is derived from the content alone (see `rag.articles.make_article`), so a moved or
    copied file keeps its passages. Unknown metadata is None, never a guess from the file's time.
    `path` is relative to the article folder; an article of a .jsonl file is `file.jsonl#id`.
    """

    id: str
    path: str
    title: str | None
    author: str | None
    outlet: str | None
    published: date | None
    url: str | None
    text: str
    parts: tuple[Part, ...] = ()  # ordered, disjoint, covering all of `text` but white space
    pages: tuple[int, ...] = ()  # where each page of a paged file starts; empty if not paged
    label: str | None = None  # "opinion", "correction" … where the text says so
    updated: date | None = None  # when it was last changed, where the page says so
    language: str | None = None  # ISO 639-1, "en"
    dated: str | None = None  # the printed date if it can be read two ways: "03/04/2015"
    places: tuple[Place, ...] = ()  # in order, each until the next
    notes: tuple[str, ...] = ()  # what a reader should know: "has tracked changes", "teaser"

    def page_at(self, offset: int) -> int | None:
        """1-based page that holds the character at `offset`; None for files without pages."""
        return bisect_right(self.pages, offset) or None if self.pages else None

    def place_at(self, offset: int) -> Place | None:
        """The place that holds the character at `offset`; None before the first."""
        at = bisect_right(self.places, offset, key=lambda place: place.start)
        return self.places[at - 1] if at else None

    def part_at(self, offset: int) -> Part | None:
        """The part that holds the character at `offset`, or None between parts."""
        return next((part for part in self.parts if part.start <= offset < part.end), None)

    @property
    def credits(self) -> str:
        """Who published it and when: "Jane Doe, The Gazette, 4 March 2024"; empty if unknown."""
        known = (self.author, self.outlet, printed_day(self.published))
        return ", ".join(item for item in known if item)

    @property
    def name(self) -> str:
        """What to call the article where it has no headline: its headline, else its file."""
        return self.title or self.path


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of an article: `article.text[start:end] == text`, always.

    `header` (headline, outlet, date) is prepended for embedding and lexical search only.
    """

    id: str
    article_id: str
    number: int  # 0-based, in reading order
    start: int
    end: int
    text: str
    header: str
    kind: Kind

    @property
    def indexed_text(self) -> str:
        """What the embedding model, the lexical index and the reranker see."""
        return f"{self.header}\n{self.text}" if self.header else self.text


@dataclass(frozen=True, slots=True)
class Ranks:
    """Where a passage stood (1 = best) in each step of the search; None: not found by it."""

    dense: int | None = None
    lexical: int | None = None
    fused: int | None = None
    rerank_score: float | None = None  # the reranker's raw logit


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question. `score` in 0..1: the chance that it answers."""

    passage: Passage
    article: Article
    score: float
    ranks: Ranks = Ranks()
    origin: str = ""  # the same for near-copies of one text, such as a reprinted wire story
    warning: str = ""  # why its words look like instructions to a language model; empty if not


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a question as they stand in an article: `hit.article.text[start:end]`.

    `share` (0..1) of the question's runs of words are found there. `alone`: the question is these
    words, or asks where they are from, so that showing them answers it.
    """

    hit: Hit
    start: int
    end: int
    share: float
    alone: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A passage that was found and is no hit: too far down, or a copy of `repeats` (its id)."""

    passage: Passage
    ranks: Ranks
    repeats: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """Number `n` of an answer: the words `article.text[quote_start:quote_end]` and who says them.

    `speaker` is a quoted or paraphrased person or organisation, or "reader comment"; None: the
    author's own words or unknown.
    """

    number: int
    article: Article
    passage: Passage
    quote_start: int
    quote_end: int
    speaker: str | None = None
    warning: str = ""  # as of its hit

    @property
    def quote(self) -> str:
        """The cited words, exactly as they stand in the article."""
        return self.article.text[self.quote_start : self.quote_end]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer with the numbers it cites and whether they bear it out.

    `reasons` of a supported sentence say what could not be checked, or why a model supports it.
    """

    text: str
    citations: tuple[int, ...]
    support: Support
    reasons: tuple[str, ...] = ()
    goes_on: bool = False  # words of the source before, whose name is not said again
    part: str = ""  # of a question with several: the one that it answers
    judged_by: str = ""  # the model whose verdict and reasons these are; empty: the rules'


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things said where sources disagree, and the citation that shows it."""

    value: str  # "at least seven", "28 September 2015"
    number: int
    newest: bool = False


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Cited passages that give different things about the same: two sides or more, by date.

    Near-copies of one text count as one side.
    """

    about: str  # what they differ on, in words of the question or the articles: "marchers"
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """How much of the index a search looked at: `searched` of `articles` articles.

    `filters` says in words what limited it, empty if nothing did; `trouble` what in the filters
    matches nothing, with the nearest that would. `since` and `until` are the first and the last
    day on which one of the articles searched was published.
    """

    searched: int
    articles: int
    filters: str = ""
    trouble: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question got. `seconds` by step: search, rerank, answer, total.

    `chance` (0..1): that the articles answer the question; None where nothing was weighed.
    `notes`: what the reader should know of how the answer came about, a sentence each.
    `reworded`: a follow-up was made to stand alone, or misspelt words were mended.
    """

    question: str
    standalone_question: str
    status: Status
    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    dropped_markers: tuple[str, ...]
    model: str
    seconds: Mapping[str, float] = field(default_factory=dict)
    scope: Scope = Scope(0, 0)
    chance: float | None = None
    disagreements: tuple[Disagreement, ...] = ()
    notes: tuple[str, ...] = ()
    reworded: bool = False

    @property
    def sources(self) -> tuple[int, int]:
        """How many articles are cited, and how many of them are no copies of one another."""
        origins = {hit.article.id: hit.origin or hit.article.id for hit in self.hits}
        cited = {citation.article.id for citation in self.citations}
        return len(cited), len({origins.get(article, article) for article in cited})


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question and its answer's text, for follow-up questions."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Filters:
    """What the search may look at. Empty means no limit; several values of one field are "or".

    Dates are of publication and inclusive; an article without one passes no limit of dates. What
    matches a name or a file: `vectorstore.selecting`.
    """

    since: date | None = None
    until: date | None = None
    outlets: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    opinion: bool | None = None  # True: only what is labelled opinion; False: only the rest


# --- events of `pipeline.answer`: the page, the command line and the evaluation consume the same


@dataclass(frozen=True, slots=True)
class Searched:
    """The search is done: what was found, before anything is written.

    `read`: the passages that whoever writes is shown, best first.
    """

    standalone_question: str
    hits: tuple[Hit, ...]
    read: tuple[Hit, ...]
    articles: int  # how many articles were searched
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Preview:
    """What the articles' own sentences answer, while a language model starts to write.

    Not the answer of record, nor the beginning of it: that comes as Token … Done.
    """

    answer: Answer


@dataclass(frozen=True, slots=True)
class Token:
    """The next piece of the answer's text, with markers already renumbered: append and show.

    Empty where a model is silent for a moment: whoever reads along may stop then. `citations`: of
    the numbers that are new in it, each of its whole passage.
    """

    text: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence of the answer was held against what it cites."""

    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Restarted:
    """What Token and Checked brought so far is withdrawn, and why; the text begins anew."""

    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer; always the last event."""

    answer: Answer


Event = Searched | Preview | Token | Checked | Restarted | Done


# --- ingest


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What the manifest knows of one file. `articles` are ids, in file order."""

    path: str
    sha256: str
    size: int  # bytes
    mtime_ns: int
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that could not be read, and why; the reason names what to do where there is a way."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one ingest did. `seconds` by step: read, embed, store, total."""

    files: int
    added: int
    changed: int
    removed: int
    unchanged: int
    failed: tuple[FailedFile, ...]
    articles: int
    passages: int
    seconds: Mapping[str, float]
    partly: tuple[FailedFile, ...] = ()  # files that were read, and what of them is missing


@dataclass(frozen=True, slots=True)
class Step:
    """How far an ingest is: a file is done when its passages are encoded, or when it failed."""

    done: int
    total: int  # files
    path: str  # of the file that was read last
    left: float | None = None  # seconds of reading and encoding; None: nobody can tell yet
    failed: int = 0  # files, and parts of files, that could not be read so far
    latest: tuple[FailedFile, ...] = ()  # the newest of them, a few


Progress = Callable[[Step], None]
TokenStarts = Callable[[str], Sequence[int]]  # where each token of a text starts

"""The command line's JSON: other programs read it, so its keys do not change.

`base` is the address that links begin with (see `rag.export.permalinks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from rag.answering.comparison import Comparison, Row
from rag.export.contract_types import (
    AnswerJSON,
    ArticleJSON,
    CitationJSON,
    ComparisonJSON,
    DisagreementJSON,
    FileReasonJSON,
    HitJSON,
    IngestJSON,
    RankedHitJSON,
    RowJSON,
    ScopeJSON,
    SearchJSON,
    SentenceJSON,
    StretchJSON,
    WholeArticleJSON,
)
from rag.export.permalinks import permalink
from rag.retrieval.search import Found
from rag.schema import (
    Answer,
    Article,
    Citation,
    Disagreement,
    FailedFile,
    Hit,
    IngestReport,
    Scope,
    Sentence,
)
from rag.text.typed import storable

RULES = "rules"  # whose verdict it is where no model judged
_DIGITS = 4  # decimals of seconds and scores


def answer_json(answer: Answer, base: str) -> AnswerJSON:
    """`byline ask --json`: one object for one answer."""
    return {
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "status": answer.status,
        "answer": answer.text,
        "sentences": [sentence_json(sentence) for sentence in answer.sentences],
        "citations": [citation_json(citation, base) for citation in answer.citations],
        "hits": [hit_json(hit, base) for hit in answer.hits],
        "dropped_markers": list(answer.dropped_markers),
        "model": answer.model,
        "seconds": _rounded(answer.seconds),
        "searched": _scope(answer.scope),
        "chance": None if answer.chance is None else round(answer.chance, _DIGITS),
        "disagreements": [_disagreement(item) for item in answer.disagreements],
        "notes": list(answer.notes),
    }


def search_json(question: str, found: Found, k: int, scope: Scope, base: str) -> SearchJSON:
    """`byline search --json`: the best `k` hits with their ranks."""
    return {
        "question": storable(question),
        "hits": [_ranked(hit, base) for hit in found.hits[:k]],
        "seconds": _rounded(found.seconds),
        "searched": _scope(scope),
    }


def compare_json(found: Comparison, base: str) -> ComparisonJSON:
    """`byline compare --json`: what each source says, by date."""
    return {
        "question": found.question,
        "held_against": found.against,
        "weak": found.weak,
        "rows": [_row(row, base) for row in found.rows],
        "seconds": _rounded(found.seconds),
        "searched": _scope(found.scope),
    }


def ingest_json(report: IngestReport) -> IngestJSON:
    """`byline ingest --json`."""
    return {
        "files": report.files,
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
        "unchanged": report.unchanged,
        "failed": _reasons(report.failed),
        "articles": report.articles,
        "passages": report.passages,
        "seconds": _rounded(report.seconds),
        "partly": _reasons(report.partly),
    }


def sentence_json(sentence: Sentence) -> SentenceJSON:
    """One sentence of an answer, and how far what it cites bears it out."""
    return {
        "text": sentence.text,
        "citations": list(sentence.citations),
        "support": sentence.support,
        "reasons": list(sentence.reasons),
        "judged_by": sentence.judged_by or RULES,
    }


def citation_json(citation: Citation, base: str) -> CitationJSON:
    """One citation; `quote` is `text[start:end]` of its article."""
    article, start, end = citation.article, citation.quote_start, citation.quote_end
    place = article.place_at(start)
    return {
        "number": citation.number,
        "file": article.path,
        "title": article.title,
        "author": article.author,
        "outlet": article.outlet,
        "published": _day(article.published),
        "kind": citation.passage.kind,
        "speaker": citation.speaker,
        "page": article.page_at(start),
        "start": start,
        "end": end,
        "quote": citation.quote,
        "warning": citation.warning,
        "time": place.time if place else None,
        "box": list(place.box) if place and place.box else None,
        "article_notes": list(article.notes),
        "article": article.id,
        "url": permalink(base, article.id, start, end),
    }


def hit_json(hit: Hit, base: str) -> HitJSON:
    """One passage that was found."""
    article, passage = hit.article, hit.passage
    return {
        "file": article.path,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "score": round(hit.score, _DIGITS),
        "warning": hit.warning,
        "article": article.id,
        "url": permalink(base, article.id, passage.start, passage.end),
    }


def article_json(article: Article, base: str) -> ArticleJSON:
    """What is known of an article, without its text."""
    return {
        "id": article.id,
        "file": article.path,
        "title": article.title,
        "author": article.author,
        "outlet": article.outlet,
        "published": _day(article.published),
        "label": article.label,
        "language": article.language,
        "original": article.url,
        "url": permalink(base, article.id),
    }


def whole_article_json(article: Article, files: Sequence[str], base: str) -> WholeArticleJSON:
    """An article with its text; `files` are all that hold it."""
    parts = article.parts
    return {
        **article_json(article, base),
        "updated": _day(article.updated),
        "notes": list(article.notes),
        "files": list(files),
        "text": article.text,
        "parts": [
            {"kind": part.kind, "start": part.start, "end": part.end, "author": part.author}
            for part in parts
        ],
        "pages": list(article.pages),
    }


def stretch_json(article: Article, start: int, end: int, base: str) -> StretchJSON:
    """An article with `text[start:end]`, or what there is of it."""
    text = article.text[start:end]
    first = min(start, len(article.text))
    return {
        **article_json(article, base),
        "start": first,
        "end": first + len(text),
        "characters": len(article.text),
        "text": text,
    }


def _row(row: Row, base: str) -> RowJSON:
    article = row.article
    return {
        "published": _day(article.published),
        "outlet": article.outlet,
        "author": article.author,
        "speaker": row.speaker,
        "words": row.words,
        "bearing": row.bearing,
        "why": row.judged.why,
        "reference": row.reference,
        "chance": round(row.chance, _DIGITS),
        "article": article.id,
        "file": article.path,
        "title": article.title,
        "url": article.url,
        "kind": row.kind,
        "page": article.page_at(row.start),
        "start": row.start,
        "end": row.end,
        "copies": [copy.path for copy in row.copies],
        "warning": row.warning,
        "permalink": permalink(base, article.id, row.start, row.end),
    }


def _reasons(files: Iterable[FailedFile]) -> list[FileReasonJSON]:
    return [{"file": item.file, "reason": item.reason} for item in files]


def _scope(scope: Scope) -> ScopeJSON:
    """How many articles were searched, of which days; what limited it, and what is amiss."""
    return {
        "articles": scope.searched,
        "of": scope.articles,
        "filters": scope.filters,
        "trouble": scope.trouble,
        "since": _day(scope.since),
        "until": _day(scope.until),
    }


def _disagreement(found: Disagreement) -> DisagreementJSON:
    """What sources give differently: each side with the number of its citation."""
    return {
        "about": found.about,
        "sides": [
            {"value": side.value, "citation": side.number, "newest": side.newest}
            for side in found.sides
        ],
    }


def _ranked(hit: Hit, base: str) -> RankedHitJSON:
    score = hit.ranks.rerank_score
    return {
        **hit_json(hit, base),
        "dense_rank": hit.ranks.dense,
        "lexical_rank": hit.ranks.lexical,
        "fused_rank": hit.ranks.fused,
        "rerank_score": None if score is None else round(score, _DIGITS),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _rounded(seconds: Mapping[str, float]) -> dict[str, float]:
    return {step: round(value, _DIGITS) for step, value in seconds.items()}

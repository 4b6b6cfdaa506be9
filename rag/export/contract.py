"""The command line's JSON: other programs read it, so its keys do not change."""

from __future__ import annotations

from typing import Any

from rag.answering.comparison import Comparison, Row
from rag.retrieval.search import Found
from rag.schema import Answer, Citation, Disagreement, Hit, IngestReport, Place, Scope
from rag.text.typed import storable

RULES = "rules"  # whose verdict it is where no model judged
_DIGITS = 4  # decimals of seconds and scores


def answer_json(answer: Answer) -> dict[str, Any]:
    """`byline ask --json`: one object for one answer."""
    return {
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "status": answer.status,
        "answer": answer.text,
        "sentences": [
            {
                "text": sentence.text,
                "citations": list(sentence.citations),
                "support": sentence.support,
                "reasons": list(sentence.reasons),
                "judged_by": sentence.judged_by or RULES,
            }
            for sentence in answer.sentences
        ],
        "citations": [_citation(citation) for citation in answer.citations],
        "hits": [_hit(hit) for hit in answer.hits],
        "dropped_markers": list(answer.dropped_markers),
        "model": answer.model,
        "seconds": _rounded(answer.seconds),
        "searched": _scope(answer.scope),
        "chance": None if answer.chance is None else round(answer.chance, _DIGITS),
        "disagreements": [_disagreement(item) for item in answer.disagreements],
        "notes": list(answer.notes),
    }


def search_json(question: str, found: Found, k: int, scope: Scope) -> dict[str, Any]:
    """`byline search --json`: the best `k` hits with their ranks."""
    return {
        "question": storable(question),
        "hits": [{**_hit(hit), **_ranks(hit)} for hit in found.hits[:k]],
        "seconds": _rounded(found.seconds),
        "searched": _scope(scope),
    }


def compare_json(found: Comparison) -> dict[str, Any]:
    """`byline compare --json`: what each source says, by date."""
    return {
        "question": found.question,
        "held_against": found.against,
        "weak": found.weak,
        "rows": [_row(row) for row in found.rows],
        "seconds": _rounded(found.seconds),
        "searched": _scope(found.scope),
    }


def _row(row: Row) -> dict[str, Any]:
    article = row.article
    return {
        "published": article.published.isoformat() if article.published else None,
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
    }


def ingest_json(report: IngestReport) -> dict[str, Any]:
    """`byline ingest --json`."""
    return {
        "files": report.files,
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
        "unchanged": report.unchanged,
        "failed": [{"file": item.file, "reason": item.reason} for item in report.failed],
        "articles": report.articles,
        "passages": report.passages,
        "seconds": _rounded(report.seconds),
        "partly": [{"file": item.file, "reason": item.reason} for item in report.partly],
    }


def _scope(scope: Scope) -> dict[str, Any]:
    """How many articles were searched, of which days; what limited it, and what is amiss."""
    return {
        "articles": scope.searched,
        "of": scope.articles,
        "filters": scope.filters,
        "trouble": scope.trouble,
        "since": scope.since.isoformat() if scope.since else None,
        "until": scope.until.isoformat() if scope.until else None,
    }


def _disagreement(found: Disagreement) -> dict[str, Any]:
    """What sources give differently: each side with the number of its citation."""
    sides = [
        {"value": side.value, "citation": side.number, "newest": side.newest}
        for side in found.sides
    ]
    return {"about": found.about, "sides": sides}


def _citation(citation: Citation) -> dict[str, Any]:
    article = citation.article
    return {
        "number": citation.number,
        "file": article.path,
        "title": article.title,
        "author": article.author,
        "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else None,
        "kind": citation.passage.kind,
        "speaker": citation.speaker,
        "page": article.page_at(citation.quote_start),
        "start": citation.quote_start,
        "end": citation.quote_end,
        "quote": citation.quote,
        "warning": citation.warning,
        **_place(article.place_at(citation.quote_start)),
        "article_notes": list(article.notes),
    }


def _place(place: Place | None) -> dict[str, Any]:
    """When in a recording the words are said, and where on a scanned page they stand."""
    return {"time": place and place.time, "box": list(place.box) if place and place.box else None}


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "file": hit.article.path,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": hit.passage.text,
        "score": round(hit.score, _DIGITS),
        "warning": hit.warning,
    }


def _ranks(hit: Hit) -> dict[str, Any]:
    score = hit.ranks.rerank_score
    return {
        "dense_rank": hit.ranks.dense,
        "lexical_rank": hit.ranks.lexical,
        "fused_rank": hit.ranks.fused,
        "rerank_score": None if score is None else round(score, _DIGITS),
    }


def _rounded(seconds: Any) -> dict[str, float]:
    return {step: round(value, _DIGITS) for step, value in seconds.items()}

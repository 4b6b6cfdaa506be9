"""Where do these words stand? Excerpts of 25 to 40 words, as they are and as people quote them.

    python -m benchmarks.retrieval.provenance ../shared/bench/news2025

300 excerpts are cut at random places of random articles (the seed is fixed; `excerpts.py`), and
each is altered: case, quotation marks, dashes, ellipses, a word dropped, in random combination.
Each is asked as it is, and in a question: Which article says: “…”?

- right article: the first passage is from an article that holds the words.
- words marked: in the article of the first passage, Byline marks exactly the excerpt's words,
  from its first to its last, nothing more (case and punctuation aside). For an altered excerpt
  these are the words of the article, the dropped one among them. Peers mark nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import mean
from typing import Any

from benchmarks.retrieval import byline
from benchmarks.retrieval.data import Asked, Data, load_news
from benchmarks.retrieval.excerpts import Excerpt, excerpts
from benchmarks.retrieval.running import (
    Options,
    about,
    named_missing,
    options,
    own_runs,
    peer_runs,
    publish,
    table,
    trial_name,
)
from benchmarks.retrieval.runs import Ask, Returned, Run
from benchmarks.retrieval.scoring import folded, interval
from rag.answering.extractive import quoted
from rag.resources import Resources
from rag.retrieval.finding import find
from rag.retrieval.search import Found

FORMS = ("verbatim", "altered", "verbatim in a question", "altered in a question")
_DEPTH = 10  # passages asked for; the first counts


def highlight(found: Found) -> str | None:
    """The words that Byline's answer cites and marks first, folded; None: it shows no quotation."""
    cited = quoted(found.quotes, most=1)
    return folded(cited[0].words) if cited else None


def asked(form: str, item: Excerpt) -> str:
    """The question for an excerpt in one of `FORMS`."""
    words = item.altered if form.startswith("altered") else item.words
    return f"Which article says: “{words}”?" if form.endswith("question") else words


def all_asked(made: Sequence[Excerpt]) -> list[Asked]:
    """Every excerpt in every form, form by form."""
    return [
        Asked(f"{item.id} {form}", asked(form, item), item.gold, (), form)
        for form in FORMS
        for item in made
    ]


def first_right(run: Run, questions: Sequence[Asked], data: Data) -> list[float]:
    """For each question whether the first passage is from a right article."""
    return [
        float(bool(got) and data.first_copy[got[0].article_id] in question.gold)
        for got, question in zip(run.results, questions, strict=True)
    ]


def noting(resources: Resources, marks: dict[str, str]) -> Ask:
    """Byline, with the words that its answer would cite noted by question."""

    def ask(question: str, k: int) -> list[Returned]:
        found = find(question, resources)
        words = highlight(found)
        if words:
            marks[question] = words
        return byline.returned(found)

    return ask


def all_marked(marks: Mapping[str, str], made: Sequence[Excerpt]) -> list[float]:
    """For each question, form by form, whether exactly the excerpt's words are marked."""
    return [
        float(marks.get(asked(form, item)) == folded(item.words)) for form in FORMS for item in made
    ]


def by_form(values: Sequence[float], questions: Sequence[Asked]) -> dict[str, Any]:
    """Mean and interval of each form."""
    chosen = {
        form: [v for v, q in zip(values, questions, strict=True) if q.type == form]
        for form in FORMS
    }
    return {
        form: {"share": round(mean(each), 4), "interval": interval(each)}
        for form, each in chosen.items()
    }


def tables(results: Mapping[str, Any]) -> list[str]:
    """The results as Markdown."""
    lines: list[list[object]] = [
        [name, *(system["right article"][form]["share"] for form in FORMS)]
        for name, system in results["systems"].items()
    ]
    marks = results["words marked"]
    lines.append(["Byline: words marked", *(marks[form]["share"] for form in FORMS)])
    return [table(["right article first", *FORMS], lines), named_missing(results["missing"])]


def run(chosen: Options) -> dict[str, Any]:
    """Run every system and score it."""
    data = load_news(
        chosen.folder, articles=chosen.limit_articles, questions=chosen.limit_questions
    )
    made = excerpts(data)[: chosen.limit_questions]
    questions = all_asked(made)
    peers, missing = peer_runs(data, questions, chosen, depth=_DEPTH)
    marks: dict[str, str] = {}
    with byline.opened(chosen.work, _index_name(chosen, data), data.articles) as resources:
        systems = {**byline.systems(resources), byline.NAME: noting(resources, marks)}
        own = own_runs(systems, questions, chosen)
    runs = {**own, **peers}
    return {
        **about(data, chosen),
        "settings": byline.settings(resources),
        "excerpts": len(made),
        "held by a second article": sum(len(item.gold) > 1 for item in made),
        "systems": {
            name: {
                "right article": by_form(first_right(each, questions, data), questions),
                **{fact: value for fact, value in each.facts.items() if fact != "key"},
            }
            for name, each in runs.items()
        },
        "words marked": by_form(all_marked(marks, made), questions),
        "missing": missing,
    }


def _index_name(chosen: Options, data: Data) -> str:
    """The index of the news benchmark: it is of the same articles."""
    return trial_name(chosen, data.articles).replace(chosen.name, "news")


def main() -> None:
    """Run, print, write."""
    chosen = options("provenance", __doc__)
    results = run(chosen)
    publish(chosen, results, tables(results))


if __name__ == "__main__":
    main()

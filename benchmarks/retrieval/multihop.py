"""Questions that need several facts, and questions that the facts do not answer.

    python -m benchmarks.retrieval.multihop ../shared/bench/multihop

The folder holds `facts.jsonl` (438 facts, each indexed as a small article of its own, with the
headline, outlet, author and date of the article it is from) and `questions.jsonl` (250 questions
of MultiHop-RAG with the facts they need; those of type `null_query` need facts that are not there).

- any@k: at least one gold fact is among the first k; recall@k: the share of gold facts there
  (averaged over questions); MRR@10: of the first gold fact. Over the questions that have any.
- declined: share of questions that Byline declines to answer, of those without gold facts (right)
  and of the others (wrong).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import mean
from typing import Any

from benchmarks.retrieval import byline
from benchmarks.retrieval.data import Asked, Data, load_multihop
from benchmarks.retrieval.running import (
    Options,
    about,
    cell,
    named_missing,
    options,
    own_runs,
    peer_runs,
    publish,
    table,
    trial_name,
)
from benchmarks.retrieval.runs import Ask, Returned, Run
from benchmarks.retrieval.scoring import Values, interval, judge, ranking
from rag.resources import Resources
from rag.schema import Answer

MEASURES = {
    "any@4": "Success@4",
    "any@10": "Success@10",
    "recall@4": "R@4",
    "recall@10": "R@10",
    "mrr@10": "RR@10",
}
_RERANKED = 20  # passages that the plain reranking row orders


def score(run: Run, data: Data) -> Values:
    """Every metric of a run, question by question."""
    ranked = [ranking((r.article_id for r in got), data.first_copy) for got in run.results]
    return judge(ranked, [question.gold for question in data.questions], MEASURES)


def summary(run: Run, values: Values, questions: Sequence[Asked]) -> dict[str, Any]:
    """Means in all and by type of question, with intervals."""
    types = sorted({question.type for question in questions})
    return {
        "metrics": {name: round(mean(each), 4) for name, each in values.items()},
        "intervals": {name: interval(each) for name, each in values.items()},
        "by type": {kind: _of_type(kind, values, questions) for kind in types},
        **{name: fact for name, fact in run.facts.items() if name != "key"},
    }


def _of_type(kind: str, values: Values, questions: Sequence[Asked]) -> dict[str, float]:
    return {
        name: round(mean(v for v, q in zip(each, questions, strict=True) if q.type == kind), 4)
        for name, each in values.items()
    }


def plain_rerank(resources: Resources) -> Ask:
    """The first 20 of the hybrid search in the reranker's order alone."""
    reranker = resources.reranker
    if reranker is None:
        raise SystemExit("This benchmark needs the reranker: unset BYLINE_RERANKER.")

    def ask(question: str, k: int) -> list[Returned]:
        found = byline.without_reranker(question, resources, _RERANKED)
        logits = reranker.logits(question, [hit.passage.indexed_text for hit in found.hits])
        order = sorted(range(len(logits)), key=lambda at: -logits[at])
        hits = tuple(found.hits[at] for at in order)
        return byline.returned(replace(found, hits=hits))

    return ask


def declined(questions: Sequence[Asked], got: Sequence[Answer]) -> dict[str, Any]:
    """Shares declined, of the questions without gold facts and of the others by type."""
    both = [
        (question.type, float(answer.status == "not_in_articles"))
        for question, answer in zip(questions, got, strict=True)
    ]
    types = sorted({kind for kind, _ in both})
    return {
        kind: {
            "questions": sum(each == kind for each, _ in both),
            "declined": round(mean(no for each, no in both if each == kind), 4),
        }
        for kind in types
    }


def tables(results: Mapping[str, Any]) -> list[str]:
    """The results as Markdown."""
    systems = results["systems"]
    whole = table(
        ["", *MEASURES],
        [[name, *(s["metrics"][m] for m in MEASURES)] for name, s in systems.items()],
    )
    kinds = list(next(iter(systems.values()))["by type"])
    by_type = table(
        ["recall@4 / recall@10", *kinds],
        [[name, *(_pair(s["by type"][kind]) for kind in kinds)] for name, s in systems.items()],
    )
    refused = table(
        ["type", "questions", "declined by Byline"],
        [[kind, v["questions"], v["declined"]] for kind, v in results["declined"].items()],
    )
    return [whole, by_type, refused, named_missing(results["missing"])]


def _pair(metrics: Mapping[str, float]) -> str:
    return f"{cell(metrics['recall@4'])} / {cell(metrics['recall@10'])}"


def run(chosen: Options) -> dict[str, Any]:
    """Run every system and score it."""
    data = load_multihop(chosen.folder, questions=chosen.limit_questions)
    asked = tuple(question for question in data.questions if question.gold)
    scored = replace(data, questions=asked)
    peers, missing = peer_runs(data, asked, chosen)
    name = trial_name(chosen, data.articles)
    with byline.opened(chosen.work, name, data.articles) as resources:
        systems = {**byline.systems(resources), "hybrid, reranker alone": plain_rerank(resources)}
        own = own_runs(systems, asked, chosen)
        got = byline.answers(data.questions, resources)
    own.update(_without_headers(data, asked, chosen, name))
    runs = {**own, **peers}
    return {
        **about(data, chosen),
        "settings": byline.settings(resources),
        "scored questions": len(asked),
        "systems": {each: summary(r, score(r, scored), asked) for each, r in runs.items()},
        "missing": missing,
        "declined": declined(data.questions, got),
        "latency": byline.latency(got),
    }


def _without_headers(
    data: Data, asked: Sequence[Asked], chosen: Options, name: str
) -> dict[str, Run]:
    """BM25 over an index of the bare facts: what headline, outlet and date bring."""
    bare = [replace(a, title="", author="", outlet="", published="") for a in data.articles]
    with byline.opened(chosen.work, f"{name}-bare", bare) as resources:
        lexical = byline.systems(resources)["BM25 alone"]
        return own_runs({"BM25 alone, no header": lexical}, asked, chosen)


def main() -> None:
    """Run, print, write."""
    chosen = options("multihop", __doc__)
    results = run(chosen)
    publish(chosen, results, tables(results))


if __name__ == "__main__":
    main()

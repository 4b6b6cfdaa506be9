"""Questions on a year of news: is the right article found, is the answer in what is shown.

    python -m benchmarks.retrieval.news ../shared/bench/news2025

The folder holds `articles.jsonl.xz` (5,295 articles) and `questions.jsonl` (381 questions with
answers and the ids of the articles that hold them). Every system indexes the same articles, each
with its own splitter and the same embedding weights, and is asked for 60 passages (240 where
those are from fewer than ten articles; Byline gives what it gives).

- hit@k, MRR@10, nDCG@10 are over articles: an article stands where its first passage does.
  Articles of one and the same text count as one.
- answer@k: a gold answer stands in the first k passages; answer in 4,000: in the first 4,000
  characters of all passages in rank order, so that long passages earn nothing.
- Intervals are of 10,000 bootstrap samples of questions, 95 %; p is McNemar's, exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import mean
from typing import Any

from benchmarks.retrieval import byline
from benchmarks.retrieval.data import Data, load_news
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
from benchmarks.retrieval.runs import Run
from benchmarks.retrieval.scoring import (
    Values,
    against_best,
    interval,
    judge,
    judge_texts,
    ranking,
)
from benchmarks.retrieval.vectors import Encoder
from rag.models.embedding import Embedder

# Byline's misses over those of the best peer, chosen for each metric: at most.
TARGETS = {"hit@1": 0.80, "hit@5": 0.75, "answer in 4,000": 0.75}
_INTERVALS = ("hit@1", "hit@5", "mrr@10", "ndcg@10", "answer in 4,000")
_COLUMNS = ("hit@1", "hit@3", "hit@5", "hit@10", "mrr@10", "ndcg@10")
_TEXT_COLUMNS = ("answer@1", "answer@3", "answer@5", "answer@10", "answer in 4,000")


def score(run: Run, data: Data) -> Values:
    """Every metric of a run, question by question."""
    ranked = [ranking((r.article_id for r in got), data.first_copy) for got in run.results]
    texts = [[r.text for r in got] for got in run.results]
    gold = [question.gold for question in data.questions]
    answers = [question.answers for question in data.questions]
    return {**judge(ranked, gold), **judge_texts(texts, answers)}


def summary(run: Run, values: Values, data: Data) -> dict[str, Any]:
    """Means, intervals of the main ones, and facts of the run."""
    ranked = [ranking((r.article_id for r in got), data.first_copy) for got in run.results]
    return {
        "metrics": {name: round(mean(each), 4) for name, each in values.items()},
        "intervals": {name: interval(values[name]) for name in _INTERVALS},
        "passages a question": round(mean(len(got) for got in run.results), 1),
        "questions with under 10 articles": sum(len(ids) < 10 for ids in ranked),
        **{name: fact for name, fact in run.facts.items() if name != "key"},
    }


def tables(results: Mapping[str, Any]) -> list[str]:
    """The results as Markdown."""
    systems = results["systems"]
    rankings = table(
        ["", *_COLUMNS],
        [[name, *(s["metrics"][c] for c in _COLUMNS)] for name, s in systems.items()],
    )
    texts = table(
        ["", *_TEXT_COLUMNS, "s a question"],
        [
            [name, *(s["metrics"][c] for c in _TEXT_COLUMNS), s["seconds a question"]]
            for name, s in systems.items()
        ],
    )
    ranges = table(
        ["95 % interval", *_INTERVALS],
        [[name, *(_range(s["intervals"][c]) for c in _INTERVALS)] for name, s in systems.items()],
    )
    return [
        rankings,
        texts,
        ranges,
        _targets(results["targets"]),
        _answering(results.get("answering")),
        _latency(results.get("latency")),
        named_missing(results["missing"]),
    ]


def _targets(targets: Sequence[Mapping[str, Any]]) -> str:
    if not targets:
        return ""
    head = ["misses", "Byline", "best peer", "", "ratio", "95 % interval", "target", "met", "p"]
    lines = [
        [
            t["metric"],
            t["misses"],
            t["best peer's misses"],
            t["best peer"],
            t["ratio"],
            _range(t["interval"]),
            f"≤ {t['target']:.2f}",
            "yes" if t["met"] else "no",
            f"{t['p']:g}",
        ]
        for t in targets
    ]
    return table(head, lines)


def _answering(got: Mapping[str, Any] | None) -> str:
    return "" if got is None else table(list(got), [list(got.values())])


def _latency(got: Mapping[str, Any] | None) -> str:
    if got is None:
        return ""
    head = [f"seconds, {got['cores']} cores, {got['questions']} questions", *got["seconds"]]
    lines = [[part, *(s[part] for s in got["seconds"].values())] for part in ("median", "p95")]
    return table(head, lines)


def _range(ends: Sequence[float]) -> str:
    low, high = ends
    return f"{low:.2f} to {high:.2f}"


def run(chosen: Options) -> dict[str, Any]:
    """Run every system and score it."""
    data = load_news(
        chosen.folder, articles=chosen.limit_articles, questions=chosen.limit_questions
    )
    peers, missing = peer_runs(data, data.questions, chosen)
    with byline.opened(chosen.work, trial_name(chosen, data.articles), data.articles) as resources:
        own = own_runs(byline.systems(resources), data.questions, chosen)
        got = byline.answers(data.questions, resources)
    runs = {**own, **peers}
    values = {name: score(each, data) for name, each in runs.items()}
    targets = [
        {**compared, "target": limit, "met": compared["ratio"] <= limit}
        for metric, limit in TARGETS.items()
        if peers
        for compared in [against_best(metric, values[byline.NAME], {p: values[p] for p in peers})]
    ]
    return {
        **about(data, chosen),
        "settings": byline.settings(resources),
        "vectors": _checked(chosen) if peers else None,
        "systems": {name: summary(each, values[name], data) for name, each in runs.items()},
        "missing": missing,
        "targets": targets,
        "answering": byline.answering(data.questions, got),
        "latency": byline.latency(got),
    }


def _checked(chosen: Options) -> dict[str, Any]:
    """How near the vectors that peers got are to sentence-transformers' own."""
    with Encoder(Embedder(), chosen.work) as encoder:
        count, least = encoder.least_cosine()
    return {"compared with sentence-transformers": count, "least cosine": round(least, 5)}


def main() -> None:
    """Run, print, write."""
    chosen = options("news", __doc__)
    results = run(chosen)
    publish(chosen, results, tables(results))


if __name__ == "__main__":
    main()

"""docs/figures.md says what the committed results say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
PAGE = " ".join((ROOT / "docs" / "figures.md").read_text(encoding="utf-8").split())
PEERS = ("LangChain", "LlamaIndex", "Haystack", "txtai")


def result(path: str) -> Any:
    return json.loads((ROOT / "benchmarks" / path).read_text(encoding="utf-8"))


def short(share: float, digits: int = 3) -> str:
    """A share as the page writes it: .617."""
    return f"{share:.{digits}f}".removeprefix("0")


def test_right_and_declined() -> None:
    for name, words in (
        ("sample", "120 harder questions | {right} of {due} | {declined} of {none} |"),
        ("five", "24 questions | {right} of {due} | {declined} of {none} |"),
        ("news2025", "381 questions | {right} of {due}; the answer's words for {contains} |"),
    ):
        summary = result(f"evaluation/results/{name}.json")["summary"]
        assert (
            words.format(
                right=summary["answered_right"],
                due=summary["answerable"],
                declined=summary["abstained_right"],
                none=summary["must_abstain"],
                contains=short(summary["figures"]["contains"]["value"], 2),
            )
            in PAGE
        ), name


def test_declining() -> None:
    found = result("abstention/results/abstention.json")["at the product's threshold"]["declined"]
    kinds = found["multihop"].items()
    due = [kind for name, kind in kinds if name.endswith("with an answer")]
    (none,) = (kind for name, kind in kinds if name.endswith("without an answer"))
    asked = sum(kind["questions"] for kind in due)
    wrongly = sum(kind["questions"] * kind["declined"] for kind in due) / asked
    assert (
        f"of {asked + none['questions']} over several articles {short(none['declined'], 2)}" in PAGE
    )
    assert f"declined, and {short(wrongly)} of those with one" in PAGE


def test_finding() -> None:
    news = result("retrieval/results/news.json")
    seconds = news["latency"]["seconds"]["total"]["median"]
    names = ("hit@1", "hit@5", "answer in 4,000")
    ours = [short(news["systems"]["Byline"]["metrics"][name]) for name in names]
    assert f"Byline, {short(seconds, 2)} s a question on two cores | {' | '.join(ours)} |" in PAGE
    peers = [v["metrics"] for k, v in news["systems"].items() if k.startswith(PEERS)]
    best = [short(max(peer[name] for peer in peers)) for name in names]
    assert f"best of {', '.join(PEERS)} | {' | '.join(best)} |" in PAGE


def test_checking() -> None:
    lines = (ROOT / "benchmarks/support/results/written_dev.txt").read_text().splitlines()
    counted = json.loads(lines[-1])
    true, false = (100 * counted[f"marked_{kind}"] / counted[kind] for kind in ("true", "false"))
    assert f"{true:.1f} % of the true and {false:.1f} % of the false ones are marked" in PAGE
    edits = result("support/results/summedits_news.json")["held-out"]["not supported in full"]
    assert f"balanced accuracy of {short(edits['balanced_accuracy'])}" in PAGE

"""How many follow-up questions are made to stand alone as a person would, without a language model.

    python -m benchmarks.follow_ups --out benchmarks/follow_ups/results/rules.json

`pairs.jsonl`: 60 questions in a conversation over the sample articles and real news of 2025, each
with the turns before it and, written by hand, the words that the question needs to stand alone
(`must`), or that it needs none (`alone`: it must come through as it was typed).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from rag.schema import Turn
from rag.speakers.coreference import by_rule
from rag.text.words import fold

_PAIRS = Path(__file__).parent / "pairs.jsonl"


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--out", type=Path, help="write the figures there")
    given = parser.parse_args()
    pairs = [json.loads(line) for line in _PAIRS.read_text(encoding="utf-8").splitlines()]
    tried = [(pair, by_rule(pair["question"], _turns(pair))) for pair in pairs]
    missed = [_row(pair, got) for pair, got in tried if not _is_right(pair, got)]
    alone = [pair for pair in pairs if pair.get("alone")]
    figures = {
        "pairs": len(pairs),
        "as a person would": len(pairs) - len(missed),
        "to be left alone": len(alone),
        "left alone": sum(_is_right(pair, got) for pair, got in tried if pair.get("alone")),
        "missed": missed,
    }
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    if given.out:
        given.out.parent.mkdir(exist_ok=True)
        given.out.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")


def _turns(pair: dict[str, Any]) -> list[Turn]:
    return [Turn(turn["question"], turn["answer"]) for turn in pair["turns"]]


def _is_right(pair: dict[str, Any], got: str) -> bool:
    if pair.get("alone"):
        return bool(got == pair["question"])
    return all(fold(word) in fold(got) for word in pair["must"])


def _row(pair: dict[str, Any], got: str) -> dict[str, Any]:
    last = pair["turns"][-1]["question"]
    return {"id": pair["id"], "before": last, "question": pair["question"], "became": got}


if __name__ == "__main__":
    main()

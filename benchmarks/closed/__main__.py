"""How often Yes and No are said, and how often rightly.

python -m benchmarks.closed ../shared
"""

from __future__ import annotations

import argparse
import json
import lzma
from collections import Counter
from pathlib import Path
from typing import Any

from rag.answering.evidence import gather
from rag.pipeline import ingest
from rag.resources import Resources, open_resources
from rag.retrieval.finding import found_for, understand
from rag.settings import load_settings

_HERE = Path(__file__).parent
_SAMPLE = Path(__file__).parents[2] / "examples/articles"


def said(question: str, resources: Resources) -> str:
    """Return "yes" or "no" if the answer would begin so, else nothing."""
    query = understand(question, resources)
    evidence = gather(query, found_for(query, resources), resources)
    return evidence.verdict.casefold()


def _news(shared: Path, work: Path) -> Path:
    folder = work / "closed-news-articles"
    folder.mkdir(parents=True, exist_ok=True)
    packed = shared / "asked/news2025w.jsonl.xz"
    (folder / "articles.jsonl").write_bytes(lzma.decompress(packed.read_bytes()))
    return folder


def main() -> None:
    """Ask, judge, print, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--work", type=Path, default=Path(".byline/benchmarks"))
    given = parser.parse_args()
    lines = (_HERE / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    folders = {"sample": _SAMPLE, "news": _news(given.shared, given.work)}
    for name, folder in folders.items():
        settings = load_settings({"index": given.work / f"closed-{name}"})
        with open_resources(settings, create=True) as resources:
            ingest(folder, resources)
            for row in rows:
                if row["articles"] == name:
                    row["said"] = said(row["question"], resources)
    counts = Counter(f"{row['answer']}: {row['said'] or 'neither'}" for row in rows)
    spoken = [row for row in rows if row["said"]]
    right = sum(row["said"] == row["answer"] for row in spoken)
    report = {"said": len(spoken), "right": right, "counts": dict(sorted(counts.items()))}
    print(json.dumps(report, indent=1))
    kept = [{key: row[key] for key in ("question", "answer", "said")} for row in rows]
    (_HERE / "results.json").write_text(json.dumps({**report, "questions": kept}, indent=1) + "\n")


if __name__ == "__main__":
    main()

"""Slips of spelling: how many are mended, and how many words that are right are changed.

    python -m benchmarks.spelling --shared ../shared --out benchmarks/results/spelling.json

Every set of fixed questions is asked as it is (nothing should be mended), then a hundred of all
questions with one or two slips in their rarer words, as fingers make them: two letters exchanged,
one dropped, one doubled, a neighbouring key. Last, questions whose right words the articles lack.
Only the words of the articles are indexed; no model runs.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.articles import listed, read_file
from rag.models.embedding import Embedder
from rag.models.vocabulary import Vocabulary, vocabulary_of
from rag.retrieval.spelling import mended
from rag.schema import Passage
from vectorstore.lexical import LexicalIndex

_ROOT = Path(__file__).parent.parent
_SEED, _MISSPELT, _LONGEST = 14, 100, 40
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# Right, and in none of the sets: people, places and words of other news.
OUTSIDE = (
    "What did Angela Merkel say about Brexit?",
    "Did Emmanuel Macron dissolve the Assemblée?",
    "How tall is the Burj Khalifa in Dubai?",
    "Who won the Eurovision contest in Malmö?",
    "What is the capital of Kyrgyzstan?",
    "Why was Navalny imprisoned?",
    "Is Tadej Pogacar riding the Vuelta?",
    "When did Ceausescu fall?",
    "What does Greta Thunberg demand?",
    "Which vaccine did Moderna develop against covid?",
    "How did Magnus Carlsen lose to Niemann?",
    "What did Jacinda Ardern announce in Wellington?",
    "Where is the Zaporizhzhia reactor?",
    "Did Bolsonaro return to Brasilia?",
    "What is the Schrödinger equation?",
    "Who directed Oppenheimer?",
    "When was the Bundesbank founded?",
    "What does the Knesset vote on?",
    "How many koalas live in Queensland?",
    "Was sagte Lawrow über Luftangriffe?",
    "Combien de grues l'accord prévoit-il ?",
    "¿Cuántas personas marcharon en la plaza?",
    "Quanti giorni è durato lo sciopero?",
    "Hoeveel schepen lagen er voor anker?",
)


class _Words:
    """The words of articles as an index has them, with nothing else of an index."""

    def __init__(self, texts: Iterator[str], folder: Path) -> None:
        self._lexical = LexicalIndex(folder)
        pieces = (piece for text in texts for piece in re.split(r"\n+", text) if piece.strip())
        self._passages = {
            f"p{n}": Passage(f"p{n}", f"p{n}", 0, 0, len(piece), piece, "", "body")
            for n, piece in enumerate(pieces)
        }
        self._lexical.rebuild(self._passages.values(), "spelling", 1)
        self._lexical.reload()

    def words(self, text: str) -> list[str]:
        return self._lexical.words(text)

    def terms(self, beginning: str) -> Mapping[str, int]:
        return self._lexical.terms(beginning)

    def count(self) -> int:
        return len(self._lexical.terms(""))

    def holding(self, stem: str, k: int) -> list[Passage]:
        return [self._passages[id_] for id_ in self._lexical.holding(stem, k)]


@dataclass(frozen=True, slots=True)
class Set:
    """Articles and the questions that are asked of them."""

    name: str
    index: Any
    questions: tuple[str, ...]


def slip(word: str, dice: random.Random) -> str:
    """`word` with one slip behind its first letter."""
    at = dice.randrange(1, len(word) - 1)
    kind = dice.choice(("exchanged", "dropped", "doubled", "beside"))
    if kind == "exchanged" and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == "doubled":
        return word[:at] + word[at] + word[at:]
    row = next((row for row in _KEYS if word[at].lower() in row), "")
    if kind == "beside" and len(row) > 1:
        place = row.index(word[at].lower())
        return word[:at] + row[place - 1 if place else 1] + word[at + 1 :]
    return word[:at] + word[at + 1 :]


def misspelt(question: str, dice: random.Random) -> tuple[str, dict[str, str]]:
    """`question` with a slip in one or two of its words of five letters and more, and these."""
    slips: dict[str, str] = {}
    places = [m for m in re.finditer(r"[A-Za-z]{5,}", question) if not m[0].isupper()]
    for match in sorted(
        dice.sample(places, min(len(places), dice.choice((1, 2)))), key=lambda m: -m.start()
    ):
        typed = slip(match[0], dice)
        slips[typed] = match[0]
        question = question[: match.start()] + typed + question[match.end() :]
    return question, slips


def main() -> None:
    """Measure, print and write."""
    given = _arguments()
    common = vocabulary_of(Embedder().folder)
    with tempfile.TemporaryDirectory() as folder:
        sets = list(_sets(given.shared, Path(folder)))
        figures = {
            "as they are": [_as_they_are(item, common) for item in sets],
            "misspelt": _misspelt(sets, common),
            "outside": _outside(sets, common),
            "words": {item.name: item.index.count() for item in sets},
        }
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    if given.out:
        given.out.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")


def _as_they_are(item: Set, common: Vocabulary) -> dict[str, Any]:
    found = [(question, mended(question, item.index, common)) for question in item.questions]
    wrong = [f"{got.note} ({question})" for question, got in found if got.words]
    return {"set": item.name, "questions": len(found), "mended": len(wrong), "which": wrong}


def _misspelt(sets: list[Set], common: Vocabulary) -> dict[str, Any]:
    dice = random.Random(_SEED)
    every = [(item, q) for item in sets for q in item.questions if len(q.split()) <= _LONGEST]
    right, left, wrong, times = 0, list[str](), list[str](), list[float]()
    for item in sets:
        mended("wrods hree", item.index, common)  # the words are read once for each index
    for item, question in dice.sample(every, min(_MISSPELT, len(every))):
        typed, slips = misspelt(question, dice)
        started = time.perf_counter()
        got = mended(typed, item.index, common)
        times.append(time.perf_counter() - started)
        for word, meant in slips.items():
            searched = dict(got.words).get(word, word)  # a slip in an ending is found all the same
            if searched == word and item.index.words(word) != item.index.words(meant):
                left.append(f"{word} for {meant}")
            elif item.index.words(searched) == item.index.words(meant):
                right += 1
            else:
                wrong.append(f"{searched} for {word}, meant was {meant}")
        others = [f"{a} for {b}, which was right" for b, a in got.words if b not in slips]
        wrong += others
    median, most = statistics.median(times), max(times)
    return {
        "questions": len(times), "slips": right + len(left) + len(wrong), "mended": right,
        "left": left, "otherwise": wrong,
        "ms": {"median": round(1000 * median, 2), "most": round(1000 * most, 2)},
    }  # fmt: skip


def _outside(sets: list[Set], common: Vocabulary) -> dict[str, Any]:
    found = [
        f"{item.name}: {got.note} ({question})"
        for item in sets
        for question in OUTSIDE
        if (got := mended(question, item.index, common)).words
    ]
    return {"questions": len(OUTSIDE) * len(sets), "mended": len(found), "which": found}


def _sets(shared: Path, folder: Path) -> Iterator[Set]:
    sample, five = _ROOT / "examples/articles", shared / "articles"
    yield Set(
        "sample",
        _Words(_texts(sample), folder / "sample"),
        _questions(_ROOT / "examples/questions.jsonl"),
    )
    yield Set(
        "five",
        _Words(_texts(five), folder / "five"),
        _questions(shared / "eval/articles.dev.jsonl"),
    )
    news = shared / "bench/news2025"
    texts = _of_rows(news / "articles.jsonl.xz")
    yield Set("news2025", _Words(texts, folder / "news"), _questions(news / "questions.jsonl"))


def _texts(folder: Path) -> Iterator[str]:
    for path, file in listed(folder).files.items():
        for article in read_file(file, path).articles:
            yield f"{article.title or ''}\n{article.author or ''}\n{article.text}"


def _of_rows(file: Path) -> Iterator[str]:
    for line in lzma.decompress(file.read_bytes()).decode().splitlines():
        row = json.loads(line)
        yield "\n".join(str(row.get(key) or "") for key in ("title", "authors", "outlet", "text"))


def _questions(file: Path) -> tuple[str, ...]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line)["question"] for line in lines if line.strip())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="the data folder")
    parser.add_argument("--out", type=Path, help="write the figures there")
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""What a file's container holds for a reader, beside what was kept of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from rag.articles.cleaning import clean_text
from rag.articles.pieces import DATABASE
from rag.articles.reading import Coverage, Reading
from rag.schema import Article, FailedFile, printed_day

_LEAST_SHARE = 0.03  # of the letters and digits; what furniture and page numbers come to
_LEAST = 60  # letters and digits: a sentence
# a word, or one character of a script that puts no spaces between words
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")


def counted(
    articles: Sequence[Article],
    path: str,
    held: Iterable[str],
    *,
    failed: Sequence[FailedFile] = (),
    missing: Sequence[str] = (),
) -> Reading:
    """A reading whose words were counted against what its container holds.

    `held`: every string that the container holds for a reader, found by another way than the
    articles were, without what is left out on purpose. `missing`: what is known to be missing, a
    phrase each ("a scanned page", "the attachment plan.dwg"). The order of words plays no part.
    """
    held = list(held)
    if any(DATABASE.fullmatch(line.strip()) for text in held for line in text.split("\n")):
        held = []  # cover pages and a database's fields go on purpose
    coverage = measured(held, articles)
    said = [*missing]
    lost = coverage.held - coverage.kept
    if lost >= _LEAST and lost > _LEAST_SHARE * coverage.held:
        said.append(f"{lost / coverage.held:.0%} of its text ({lost:,} letters)")
    partly = (FailedFile(path, f"read in part; missing: {'; '.join(said)}"),) if said else ()
    return Reading(tuple(articles), tuple(failed), partly, coverage)


def measured(held: Iterable[str], articles: Iterable[Article]) -> Coverage:
    """Letters and digits of the words that are held, and of those that were kept."""
    there, kept = Counter[str](), Counter[str]()
    for text in held:
        there.update(_words(text))
    for article in articles:
        day = printed_day(article.published)
        for text in (article.text, article.author or "", article.outlet or "", day):
            kept.update(_words(text))
    return Coverage(_length(there), _length(there & kept))


def _words(text: str) -> list[str]:
    return _WORD.findall(clean_text(text).casefold())


def _length(counts: Counter[str]) -> int:
    return sum(len(word) * count for word, count in counts.items())

"""The table of the Compare tab: who says what."""

from __future__ import annotations

from urllib.parse import quote

from rag.answering.comparison import Comparison
from rag.export.comparison_text import as_csv
from rag.retrieval.filters import answered_from
from rag.text.words import dashed
from rag.web.html.elements import printed

_MARK = "\ufeff"  # tells Excel that a file is UTF-8


def hint() -> str:
    """Return what stands where the table will be."""
    return printed("compared", "hint")


def comparison(found: Comparison) -> str:
    """Return the table of a comparison, each row's words a link that opens them."""
    name = dashed(found.question) or "comparison"
    href = f"data:text/csv;charset=utf-8,{quote(_MARK + as_csv(found))}"
    sources = len({row.article.id for row in found.rows})
    csv = {"name": f"{name}.csv", "href": href}
    return printed("compared", "comparison", found, sources, answered_from(found.scope), csv)

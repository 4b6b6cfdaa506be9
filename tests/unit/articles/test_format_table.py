"""docs/formats.md says what each format gives: its table is made here, of the story in each.

After a change: `python tests/unit/articles/test_format_table.py` writes it anew.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # run as a program, pytest has not done so
from one_story import STORIES, TITLE

from rag.articles import Reading, files
from rag.articles.files import read_data

PAGE = Path(__file__).parents[3] / "docs" / "formats.md"
COLUMNS = (
    "headline", "author", "outlet", "date", "comments", "captions", "speakers", "pages", "times",
    "counted",
)  # fmt: skip
# What a format needs beside Byline: where it is missing here, its row stays as it is.
NEEDS = {
    "images": ("tesseract",),
    "old_word": ("soffice", "libreoffice"),  # antiword, which does as well, finds no captions
}
_ROW = re.compile(r"\| (?P<name>[^|]+) \| .+\|")


def given(reading: Reading) -> Iterator[bool]:
    """Of each column, whether the first article has it."""
    article = reading.articles[0]
    yield bool(article.title)
    yield bool(article.author)
    yield bool(article.outlet)
    yield bool(article.published)
    yield any(part.kind == "comment" for part in article.parts)
    yield any(part.kind == "caption" for part in article.parts)
    yield any(part.kind == "body" and part.author for part in article.parts)
    yield bool(article.pages)
    yield any(place.time for place in article.places)
    yield reading.coverage is not None and reading.coverage.held > 0


@cache
def rows() -> dict[str, str | None]:
    """By format: its row; None where a program is missing that reads it."""
    suffixes: dict[str, list[str]] = {}
    for suffix, module in files._MODULES.items():
        suffixes.setdefault(module.rpartition(".")[2], []).append(suffix)
    assert suffixes.keys() == STORIES.keys()
    found: dict[str, str | None] = {}
    for module, (name, suffix, make) in STORIES.items():
        if module in NEEDS and not any(map(shutil.which, NEEDS[module])):
            found[name] = None
            continue
        reading = read_data(make(), suffix, f"story{suffix}")
        cells = ["yes" if it else "" for it in given(reading)]
        found[name] = f"| {name} | {' '.join(suffixes[module])} | {' | '.join(cells)} |"
    return found


def table_of(page: str) -> dict[str, str]:
    return {match["name"]: match[0] for match in _ROW.finditer(page)}


@pytest.mark.parametrize("name", [name for name, *_ in STORIES.values()])
def test_the_page_says_what_each_format_gives(name: str) -> None:
    row = rows()[name]
    if row is None:
        pytest.skip(f"{name}: none of the programs that read it is installed")
    assert table_of(PAGE.read_text(encoding="utf-8")).get(name) == row, "run this file to mend it"


@pytest.mark.parametrize("module", [it for it in STORIES if it not in ("old_word", "old_sheets")])
def test_the_story_is_read_whole_in_every_format(module: str) -> None:
    if module in NEEDS and not any(map(shutil.which, NEEDS[module])):
        pytest.skip(f"none of {', '.join(NEEDS[module])} is installed")
    _, suffix, make = STORIES[module]
    reading = read_data(make(), suffix, f"story{suffix}")
    assert "engine room" in reading.articles[0].text
    assert not reading.failed
    assert not reading.partly
    if module not in ("subtitles", "images"):  # no headline; no telling it from the byline below
        assert reading.articles[0].title == TITLE


def write() -> None:
    page = PAGE.read_text(encoding="utf-8")
    head, _, rest = page.partition("<!-- table -->\n")
    _, _, foot = rest.partition("<!-- end -->\n")
    old = table_of(rest)
    lines = [
        f"| format | files | {' | '.join(COLUMNS)} |",
        f"|---|---|{'---|' * len(COLUMNS)}",
        *(row or old[name] for name, row in rows().items()),
    ]
    table = "\n".join(lines)
    PAGE.write_text(f"{head}<!-- table -->\n{table}\n<!-- end -->\n{foot}", encoding="utf-8")


if __name__ == "__main__":
    write()

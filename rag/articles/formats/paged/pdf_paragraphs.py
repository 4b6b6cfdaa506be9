"""Lines of a PDF to paragraphs, over the ends of columns and pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from rag.articles.cleaning import clean_text, one_line
from rag.articles.drafts import Block
from rag.articles.formats.paged.pdf_asides import Aside
from rag.articles.formats.paged.pdf_layout import ENDS, HYPHENS, Box, Line
from rag.articles.formats.paged.pdf_order import CELL
from rag.schema import Place

_WORD_BEFORE = re.compile(rf"([^\W\d_]+)[{HYPHENS}]$")
_SENTENCE = re.compile(r"[.!?…][\"”’'»)\]]*\s+(?=[^\Wa-z])")
_TURN = re.compile(r"(?:[QA][.:]|[A-Z][A-Z.’' -]{2,30}:)\s")  # who speaks, in a transcript
_WORD_AFTER = re.compile(r"[^\W\d_]+")


def paragraphs(lines: list[Line]) -> list[list[Line]]:
    """Lines in reading order, by paragraph."""
    step = _usual_step(lines)
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    groups: list[list[Line]] = []
    for line in lines:
        last = groups[-1][-1] if groups else None
        if last and _goes_on(groups[-1], line, step, _margin(last, pages[last.page])):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _margin(line: Line, page: list[Line]) -> float:
    """Right edge of the column of the page that `line` stands in."""
    column = (other for other in page if abs(other.left - line.left) < 3 * line.size)
    return max(other.right for other in column)


def _usual_step(lines: list[Line]) -> float:
    """Distance from line to line within a paragraph, in points."""
    steps = [a.bottom - b.bottom for a, b in pairwise(lines) if a.page == b.page]
    steps = [round(step, 1) for step in steps if 0 < step < 60]
    return Counter(steps).most_common(1)[0][0] if steps else 0.0


def _goes_on(group: list[Line], line: Line, step: float, margin: float) -> bool:
    """Whether `line` belongs to the paragraph that `group` is so far."""
    last = group[-1]
    if not 0.75 < line.size / last.size < 1.35 and line.text[:1].isupper():
        return False
    if _TURN.match(line.text) or CELL in line.text or CELL in last.text:
        return False
    ended = ENDS.search(last.text.rstrip()) is not None
    if line.page == last.page and line.paragraph and last.paragraph:
        goes_on = not ended and line.text[:1].islower()
        return line.paragraph == last.paragraph or goes_on
    if line.page != last.page or line.bottom >= last.bottom:  # next page or column
        return not ended and (line.text[:1].islower() or not _had_room(last, line, margin))
    runs_on = not ended and line.text[:1].islower()
    if last.bottom - line.bottom > 1.3 * max(step, last.size):  # past a picture, if at all
        in_column = abs(line.left - last.left) < 2 * last.size
        return runs_on and in_column and not _had_room(last, line, margin)
    if line.text[:1].islower():
        return True
    indented = line.left > last.left + 0.8 * last.size and len(group) > 1
    return not (_had_room(last, line, margin) or (ended and indented))


def _had_room(line: Line, after: Line, margin: float) -> bool:
    """Whether the first word of the next line would still have fitted: then the break is meant."""
    if line.text.rstrip()[-1] in HYPHENS:
        return False
    word = len(after.text.split()[0]) + 1
    return line.right + 0.9 * word * (after.right - after.left) / len(after.text) < margin


def blocks_of(
    lines: list[Line], asides: Sequence[Aside], pages: int, places: Mapping[int, Box]
) -> list[Block]:
    """The blocks of a document of so many pages, with each page's asides where no text is broken.

    `places`: the shown boxes of those pages of which the place of words is to be kept.
    """
    blocks = _with_starts(paragraphs(lines), pages, places)
    for page in sorted({aside.page for aside in asides}, reverse=True):
        of_page = [aside for aside in asides if aside.page == page]
        blocks = _inserted(blocks, page, [it for aside in of_page for it in _aside(aside, places)])
    return blocks


def _aside(aside: Aside, places: Mapping[int, Box]) -> list[Block]:
    found = _with_starts(paragraphs(aside.lines), 0, places)
    return [replace(block, kind=aside.kind, starts=()) for block in found]


def _inserted(blocks: list[Block], page: int, asides: list[Block]) -> list[Block]:
    """Blocks with `asides` at the end of `page`, but within no sentence."""
    starts = [(n, start) for n, block in enumerate(blocks) for start in block.starts]
    if page + 1 >= len(starts):
        return [*blocks, *asides]
    number, end = starts[page + 1]
    block = blocks[number]
    here, begin = starts[page]
    if end == 0 or here < number:
        return [*blocks[:number], *asides, *blocks[number:]]
    cuts = [match.end() for match in _SENTENCE.finditer(block.text, begin, end)]
    cut = cuts[-1] if cuts else len(block.text)
    return [*blocks[:number], *_cut(block, cut, asides), *blocks[number + 1 :]]


def _cut(block: Block, cut: int, between: list[Block]) -> list[Block]:
    before = tuple(start for start in block.starts if start < cut)
    after = tuple(max(0, start - cut) for start in block.starts if start >= cut)
    rest = block.text[cut:]
    if not rest:
        return [block, *between]
    head = replace(block, text=block.text[:cut].rstrip(), starts=before)
    return [head, *between, replace(block, text=rest, starts=after)]


def _with_starts(groups: list[list[Line]], pages: int, places: Mapping[int, Box]) -> list[Block]:
    """Blocks that know where pages begin in them; an empty page begins where the next does."""
    words = whole_words(line for group in groups for line in group)
    blocks, page = [], 0
    for group in groups:
        text, starts = "", list[int]()
        for line in group:
            text = _append(text, line.text, words)
            if line.page >= page:
                # Never after the first characters of the line, which may be glued to a word.
                starts += [max(0, len(text) - len(clean_text(line.text)))] * (line.page + 1 - page)
                page = line.page + 1
        blocks.append(Block(text, starts=tuple(starts), place=_place(group, places)))
    if not blocks:
        return []
    rest = [len(blocks[-1].text)] * (pages - page)
    last = blocks[-1]
    return [*blocks[:-1], replace(last, starts=(*last.starts, *rest))]


def _place(group: list[Line], places: Mapping[int, Box]) -> Place | None:
    """Where a paragraph stands on the page that it begins on, as shares of it."""
    page = group[0].page
    if page not in places:
        return None
    lines, around = [line for line in group if line.page == page], places[page]
    width, height = around.right - around.left, around.top - around.bottom
    box = (
        (min(line.left for line in lines) - around.left) / width,
        (around.top - max(line.top for line in lines)) / height,
        (max(line.right for line in lines) - around.left) / width,
        (around.top - min(line.bottom for line in lines)) / height,
    )
    left, top, right, bottom = (round(min(1.0, max(0.0, share)), 4) for share in box)
    return Place(0, box=(left, top, right, bottom))


def whole_words(lines: Iterable[Line]) -> set[str]:
    """All words but the halves of those that a line's end breaks."""
    words: set[str] = set()
    is_broken = False
    for line in lines:
        found = [word.lower() for word in _WORD_AFTER.findall(line.text)]
        begins = 1 if is_broken else 0
        is_broken = line.text.rstrip().endswith(tuple(HYPHENS))
        words.update(found[begins : len(found) - is_broken])
    return words


def _append(text: str, line: str, words: set[str]) -> str:
    raw = line.strip()
    before, after = _WORD_BEFORE.search(text), _WORD_AFTER.match(raw)
    hyphenated = text.endswith(tuple(HYPHENS)) and before and after
    if not text:
        return _tidy(raw)
    if not hyphenated or not before or not after:
        return f"{text} {_tidy(raw)}"
    whole = (before[1] + after[0]).lower()
    chained = text[before.start() - 1 : before.start()] == "-" or raw[after.end() :][:1] == "-"
    keeps = (
        chained
        or after[0][0].isupper()
        or (whole not in words and _both_words(before[1], after[0], words))
    )
    return text[:-1] + ("-" if keeps else "") + _tidy(raw)


def _both_words(one: str, other: str, words: set[str]) -> bool:
    """Whether both halves occur by themselves: "well-known" keeps its hyphen, "mili-tary" not."""
    return one.lower() in words and other.lower() in words and min(len(one), len(other)) > 2


def _tidy(text: str) -> str:
    """Clean, but with the mark of a broken word still at the end."""
    return one_line(text[:-1]) + "-" if text[-1] in HYPHENS else one_line(text)

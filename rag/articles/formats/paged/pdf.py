"""PDF: what its pages show, in the order in which it is read; scans by text recognition."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from rag.articles.coverage import counted
from rag.articles.drafts import Meta
from rag.articles.formats.fields import headline, person
from rag.articles.formats.paged import pdf_places
from rag.articles.formats.paged.pdf_article import Composed, Leaf, composed, usual_size
from rag.articles.formats.paged.pdf_asides import Aside, parted
from rag.articles.formats.paged.pdf_forms import filled_in
from rag.articles.formats.paged.pdf_layout import FROM_RIGHT, HYPHENS, Line, mirrored, pieces
from rag.articles.formats.paged.pdf_marks import tidied
from rag.articles.formats.paged.pdf_order import lines_in_order
from rag.articles.formats.paged.pdf_pages import Sheet, sheet
from rag.articles.formats.paged.recognition import MOST_PAGES, NOTE, recognised, unavailable
from rag.articles.reading import Reading
from rag.errors import ArticleError

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument  # type: ignore[import-untyped, unused-ignore]

_LOCK = threading.Lock()  # PDFium is one per process and knows no threads
PICTURE_WIDTH = 1000  # pixels of a page's picture, at most
_PICTURE_SCALE = 4.0  # a stamp of a page is not blown up beyond this
_SCAN_PIXELS = 3300  # of the longer side of a page that is recognised: 300 dpi on A4
_MOST_SCAN_SCALE = 300 / 72
_BROKEN_WORD = re.compile(rf"[{HYPHENS}]\s*\n")
_XFA_ONLY = 2  # pypdfium2's FORMTYPE_XFAFULL


@dataclass(frozen=True, slots=True)
class _Pages:
    sheets: list[Sheet]
    info: Mapping[str, str]
    missing: list[str]


def read(data: bytes, path: str) -> Reading:
    """Read a PDF.

    Raises:
        ArticleError: encrypted, broken, or of scans that cannot be recognised here.

    """
    with _LOCK:
        pages = _extract(data)
    scans = [number for number, page in enumerate(pages.sheets) if page.is_scan]
    filled = sum(page.letters > 0 or bool(page.entries) for page in pages.sheets)
    if not filled and not scans:
        raise ArticleError("The PDF has no text; run it through OCR first (ocrmypdf).")
    missing = [*pages.missing]
    found: dict[int, Leaf] = {}
    if scans and (reason := unavailable()):
        if not any(page.letters for page in pages.sheets):
            raise ArticleError(f"The PDF has no text, only pictures of pages; {reason}.")
        of = f"{len(scans)} of {len(pages.sheets)} pages hold no text (scans)"
        missing.append(f"{of}; {reason}")
    elif scans:
        found = {number: _recognised(data, number) for number in scans[:MOST_PAGES]}
        if len(scans) > MOST_PAGES:
            rest = len(scans) - MOST_PAGES
            missing.append(f"{rest} scanned pages after the first {MOST_PAGES}: split the file")
    leaves = [*_leaves(pages.sheets, found)]
    if not any(leaf.lines or leaf.asides for leaf in leaves):
        raise ArticleError("No text was found in the pictures of the PDF's pages.")
    known = Meta(title=headline(pages.info.get("Title")))
    notes = (NOTE,) if any(leaf.lines for leaf in found.values()) else ()
    made = composed(path, leaves, known, person(pages.info.get("Author")), notes)
    return counted(made.articles, path, _held(leaves, pages.sheets, made), missing=missing)


def picture(data: bytes, page: int) -> bytes:
    """Page `page` (1-based) of a PDF as a PNG, `PICTURE_WIDTH` pixels wide.

    Raises:
        ArticleError: not readable as a PDF, or it has no such page.

    """
    with _LOCK:
        drawn = _drawn(data, page - 1, PICTURE_WIDTH, _PICTURE_SCALE)
    file = BytesIO()
    drawn.save(file, "PNG")
    return file.getvalue()


def places(data: bytes, page: int, words: str) -> list[pdf_places.Shares]:
    """Where `words` stand on page `page` (1-based): see `pdf_places`. Raises ArticleError."""
    with _LOCK:
        return pdf_places.places(data, page, words)


def _drawn(data: bytes, number: int, pixels: int, most: float) -> Image:
    """A page (from 0) as it is shown, no wider than `pixels`, and at `most` so many to a point."""
    import pypdfium2

    try:
        with closing(pypdfium2.PdfDocument(data)) as document:
            page = document[number]
            scale = min(most, pixels / page.get_width())
            drawn: Image = page.render(scale=scale).to_pil().convert("RGB")
            return drawn
    except (pypdfium2.PdfiumError, IndexError, ZeroDivisionError) as error:
        raise ArticleError(f"Page {number + 1} of the PDF cannot be drawn.") from error


def _recognised(data: bytes, number: int) -> Leaf:
    with _LOCK:
        drawn = _drawn(data, number, _SCAN_PIXELS, _MOST_SCAN_SCALE)
    lines, box = recognised(drawn, number)
    return Leaf(lines, [], box)


@contextmanager
def _opened(data: bytes) -> Iterator[PdfDocument]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            reason = "The PDF is encrypted; save a copy without a password."
        else:
            reason = (
                "The file is not a readable PDF; open it in a viewer and print it to a new one."
            )
        raise ArticleError(reason) from error
    with closing(document):
        yield document


def _extract(data: bytes) -> _Pages:
    with _opened(data) as document:
        try:
            missing = []
            if document.get_formtype() == _XFA_ONLY:
                missing.append("what its XFA form shows: print it to a new PDF")
            elif document.get_formtype():
                document.init_forms()
            missing += [f"the attachment {name}" for name in _attachments(document)]
            sheets = [sheet(document, number) for number in range(len(document))]
            return _Pages(sheets, document.get_metadata_dict(), missing)
        except Exception as error:  # a broken page: PDFium's wrapper raises many kinds
            raise ArticleError("A page of the PDF is broken; print it to a new PDF.") from error


def _attachments(document: PdfDocument) -> list[str]:
    return [document.get_attachment(n).get_name() for n in range(document.count_attachments())]


# --- pages to lines


def _leaves(sheets: Sequence[Sheet], found: Mapping[int, Leaf]) -> Iterator[Leaf]:
    """The lines of each page, of those in `found` what was recognised."""
    drawn = [_pieces(page, number) for number, page in enumerate(sheets)]
    words = {word for page in drawn for line in page for word in line.text.lower().split()}
    body = usual_size([line for page in drawn for line in page])
    turned = _turned(sheets)
    for number, (page, parts) in enumerate(zip(sheets, drawn, strict=True)):
        if number in found and len(found[number].lines) > len(parts):
            yield found[number]
            continue
        tidy, numbers = tidied(parts, words)
        rest, asides = parted(tidy, page.drawn, body)
        beside = [*asides, *turned[number]]
        yield Leaf(lines_in_order(rest), beside, left_out=numbers, rules=page.drawn.rules)


def _pieces(page: Sheet, number: int) -> list[Line]:
    """The pieces of a page's lines, as if they ran from the left to the right."""
    letters = "".join(character.text for character in page.characters)
    if len(FROM_RIGHT.findall(letters)) > page.letters / 2:
        return pieces(mirrored(page.characters), number, by_breaks=True)
    return filled_in(pieces(page.characters, number), page.entries, number)


def _turned(sheets: Sequence[Sheet]) -> list[list[Aside]]:
    """Text that runs across the direction of its page, but for what does so on page after page."""
    found = [
        [lines for run in page.turned if (lines := lines_in_order(pieces(run, number)))]
        for number, page in enumerate(sheets)
    ]
    often = Counter(line.text for page in found for lines in page for line in lines)
    least = max(2, len(sheets) // 3)
    return [
        [
            Aside(rest, "body", number, is_turned=True)
            for lines in page
            if (rest := [line for line in lines if often[line.text] < least])
        ]
        for number, page in enumerate(found)
    ]


def _held(leaves: Sequence[Leaf], sheets: Sequence[Sheet], made: Composed) -> Iterator[str]:
    """The text of each page as PDFium has it, but for running heads and page numbers."""
    for leaf, page, left_out in zip(leaves, sheets, made.left_out, strict=True):
        text = _BROKEN_WORD.sub("", "".join(character.text for character in page.characters))
        for line in (*left_out, *leaf.left_out):
            text = re.sub(rf"(?<!\w){re.escape(line)}(?!\w)", " ", text, count=1)
        yield text
        yield from (line.text for it in leaf.asides if it.is_turned for line in it.lines)
        yield from (entry.value for entry in page.entries)

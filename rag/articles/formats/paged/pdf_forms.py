"""What somebody filled into the fields of a PDF form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rag.articles.formats.paged.pdf_layout import Box, Line

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage  # type: ignore[import-untyped, unused-ignore]

_UNSEEN = 0x02 | 0x20  # flags: hidden, no view
_PASSWORD = 1 << 13  # flag of a text field
_NEAR_BOX = 30.0  # points from a box to tick to its label
_OVERLAP = 0.2  # of a field's width that its label may reach into
TICKED, UNTICKED = "☒", "☐"


@dataclass(frozen=True, slots=True)
class Entry:
    """A field with something in it. `name`: what the form calls it; `is_box`: a box to tick."""

    value: str
    name: str
    box: Box
    is_box: bool

    def turned(self, matrix: tuple[float, ...]) -> Entry:
        """The same on a page whose content was laid anew by `matrix`."""
        a, b, c, d, e, f = matrix
        corners = [
            (a * x + c * y + e, b * x + d * y + f)
            for x, y in ((self.box.left, self.box.bottom), (self.box.right, self.box.top))
        ]
        across, up = zip(*corners, strict=True)
        return replace(self, box=Box(min(across), min(up), max(across), max(up)))


def entries_of(document: PdfDocument, page: PdfPage) -> list[Entry]:
    """The filled-in fields of a page that its reader sees; nothing where there is no form."""
    return [*_entries(document.formenv, page)] if document.formenv else []


def _entries(form: Any, page: PdfPage) -> Iterator[Entry]:
    from pypdfium2 import raw  # type: ignore[import-untyped, unused-ignore]

    for number in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        field = raw.FPDFPage_GetAnnot(page.raw, number)
        is_seen = not raw.FPDFAnnot_GetFlags(field) & _UNSEEN
        if is_seen and raw.FPDFAnnot_GetSubtype(field) == raw.FPDF_ANNOT_WIDGET:
            yield from _entry(form, field)
        raw.FPDFPage_CloseAnnot(field)


def _entry(form: Any, field: Any) -> Iterator[Entry]:
    from pypdfium2 import raw  # type: ignore[import-untyped, unused-ignore]

    kind, rect = raw.FPDFAnnot_GetFormFieldType(form.raw, field), raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(field, rect)
    box = Box(rect.left, rect.bottom, rect.right, rect.top)
    name = _text(raw.FPDFAnnot_GetFormFieldAlternateName, form.raw, field)
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        ticked = raw.FPDFAnnot_IsChecked(form.raw, field)
        yield Entry(TICKED if ticked else UNTICKED, name, box, is_box=True)
    elif kind in (
        raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX,
    ):  # fmt: skip
        secret = raw.FPDFAnnot_GetFormFieldFlags(form.raw, field) & _PASSWORD
        value = _text(raw.FPDFAnnot_GetFormFieldValue, form.raw, field)
        if value and not (secret and kind == raw.FPDF_FORMFIELD_TEXTFIELD):
            yield Entry(value, name, box, is_box=False)


def _text(get: Callable[..., int], form: Any, field: Any) -> str:
    from pypdfium2 import raw  # type: ignore[import-untyped, unused-ignore]

    length = get(form, field, None, 0)
    if length <= 2:
        return ""
    buffer = (raw.FPDF_WCHAR * (length // 2))()
    get(form, field, buffer, length)
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\0").strip()


def filled_in(pieces: list[Line], entries: list[Entry], page: int) -> list[Line]:
    """Pieces of a page with what stands in its fields beside their labels."""
    for entry in sorted(entries, key=lambda entry: (-entry.box.top, entry.box.left)):
        label = _label(pieces, entry)
        if label is None and entry.is_box:
            continue
        if label is None:
            text = f"{entry.name}: {entry.value}" if entry.name else entry.value
            box = entry.box
            size = min(12.0, box.top - box.bottom)
            pieces = [*pieces, Line(text, page, box.left, box.bottom, box.right, box.top, size)]
            continue
        pair = (entry.value, label.text) if entry.is_box else (label.text, entry.value)
        text = " ".join(" ".join(pair).split())
        left, right = min(label.left, entry.box.left), max(label.right, entry.box.right)
        new = replace(label, text=text, left=left, right=right)
        pieces = [new if piece is label else piece for piece in pieces]
    return pieces


def _label(pieces: list[Line], entry: Entry) -> Line | None:
    """What is printed before a field, behind a box to tick, or above either."""
    box = entry.box
    row = [it for it in pieces if min(it.top, box.top) - max(it.bottom, box.bottom) > 0.4 * it.size]
    if entry.is_box:
        after = [it for it in row if -2 <= it.left - box.right < _NEAR_BOX]
        return min(after, key=lambda it: it.left, default=None)
    before = [it for it in row if it.right <= box.left + _OVERLAP * (box.right - box.left)]
    if before:
        return max(before, key=lambda it: it.right)
    above = [
        it
        for it in pieces
        if 0 <= it.bottom - box.top + 3 < 1.5 * it.size and abs(it.left - box.left) < _NEAR_BOX
    ]
    return min(above, key=lambda it: it.bottom, default=None)

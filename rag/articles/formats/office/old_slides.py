"""PowerPoint files of before 2007 (.ppt), through LibreOffice where it is installed."""

from __future__ import annotations

from rag.articles.formats.office import pptx
from rag.articles.formats.office.converting import by_office, office_program
from rag.articles.formats.signatures import OLE
from rag.articles.reading import Reading
from rag.errors import ArticleError

_BROKEN = "The file is not readable PowerPoint; open it there and save it as .pptx."
_NEEDED = (
    "PowerPoint files of before 2007 (.ppt) are read through LibreOffice, which is not installed:"
    " install it, or save the file as .pptx."
)


def read(data: bytes, path: str) -> Reading:
    """Read a .ppt file.

    Raises:
        ArticleError: broken, encrypted, without text, or LibreOffice is not installed.

    """
    if not data.startswith(OLE):
        raise ArticleError(_BROKEN)
    if not (office := office_program()):
        raise ArticleError(_NEEDED)
    made = by_office(office, data, ".ppt", ".pptx")
    if made is None:
        raise ArticleError(_BROKEN)
    return pptx.read(made, path)

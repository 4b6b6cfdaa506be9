"""What a file is by its first bytes, where its name says something else.

A .doc is often a web page, Rich Text or a .docx, a .xls a web page; a .docx may be an old .doc.
"""

from __future__ import annotations

import io
import re
import zipfile

from rag.articles.formats.zips import TROUBLE
from rag.errors import ArticleError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of Office before 2007 and of mails
_ZIP = b"PK\x03\x04"
_STREAMS = {  # what of the container's own names tells its kind
    "EncryptedPackage": "",
    "WordDocument": ".doc",
    "PowerPoint Document": ".ppt",
    "Workbook": ".xls",
    "Book": ".xls",
    "__properties_version1.0": ".msg",
}
_FOLDERS = {"word": ".docx", "ppt": ".pptx", "xl": ".xlsx"}
_OPEN = {"text": ".odt", "presentation": ".odp", "spreadsheet": ".ods"}
_OPEN_TYPE = "application/vnd.oasis.opendocument."
_PAGE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype html|html)\b", re.I | re.S)
_MIME = re.compile(rb"(?:[\w-]+:[^\n]*\n[ \t]*)*?MIME-Version:", re.IGNORECASE)
_PLAIN = {".doc": ".txt", ".dot": ".txt", ".xls": ".tsv"}
_OFFICE = (".doc", ".dot", ".xls", ".ppt", ".docx", ".xlsx", ".pptx", ".rtf", ".odt")


def true_suffix(data: bytes, suffix: str) -> str:
    """The suffix that a file should have; its own where its bytes say nothing else.

    Raises:
        ArticleError: it is encrypted, so that nobody can tell.

    """
    start = data[:8]
    if start == OLE:
        return _of_streams(data) or suffix
    if start.startswith(_ZIP):
        return suffix if suffix == ".zip" else _of_members(data, suffix)
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return ".pdf"
    if data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return ".rtf"
    if suffix not in _OFFICE:
        return suffix
    return _of_text(data, suffix)


def _of_streams(data: bytes) -> str | None:
    for name, suffix in _STREAMS.items():
        if name.encode("utf-16-le") + b"\0\0" in data:
            if not suffix:
                raise ArticleError("The document is encrypted; save it without a password.")
            return suffix
    return None


def _of_members(data: bytes, suffix: str) -> str:
    """What an archive is by its members; a damaged one is what its name says."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            stated = _stated(archive) if "mimetype" in names else ""
    except (*TROUBLE, ValueError):
        return suffix
    if stated.startswith(_OPEN_TYPE):
        kind = stated.removeprefix(_OPEN_TYPE).removesuffix("-template")
        return _OPEN.get(kind, suffix)
    if stated == "application/epub+zip":
        return ".epub"
    if "[Content_Types].xml" not in names:
        return suffix
    return next(
        (_FOLDERS[top] for name in names if (top := name.split("/")[0]) in _FOLDERS), suffix
    )


def _stated(archive: zipfile.ZipFile) -> str:
    with archive.open("mimetype") as member:
        return member.read(100).decode("ascii", "replace").strip()


def _of_text(data: bytes, suffix: str) -> str:
    start = data[:4096].lstrip(b"\xef\xbb\xbf")
    if _PAGE.match(start):
        return ".html"
    if _MIME.match(start):
        return ".mhtml"
    is_plain = b"\0" not in data and not start.lstrip().startswith(b"<")
    return _PLAIN.get(suffix, suffix) if is_plain else suffix

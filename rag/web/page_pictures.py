"""Pages of indexed PDF files and pictures, as pictures, and of no other file."""

from __future__ import annotations

import base64
import hashlib

from rag.articles.formats.paged import images, pdf
from rag.articles.paths import UPLOADS, contained_file_of
from rag.errors import ArticleError
from rag.resources import Resources
from rag.schema import FileRecord

DRAWN = (".pdf", *images.SUFFIXES)  # suffixes of files that have pages to be seen


def page_picture(resources: Resources, article_id: str, page: int) -> str:
    """Page `page` (1-based) of the PDF or picture that an article was read from, a data: address.

    Raises:
        ArticleError: it is from neither, or the file has gone or is another one now.

    """
    files = resources.index.files()
    held = [files[path] for path in resources.index.files_of(article_id) if path in files]
    record = next((item for item in held if item.path.casefold().endswith(DRAWN)), None)
    if record is None:
        raise ArticleError("This article was not read from a PDF or a picture.")
    data, is_pdf = _bytes(resources, record), record.path.casefold().endswith(".pdf")
    drawn = pdf.picture(data, page) if is_pdf else images.picture(data, page, pdf.PICTURE_WIDTH)
    return f"data:image/png;base64,{base64.b64encode(drawn).decode()}"


def _bytes(resources: Resources, record: FileRecord) -> bytes:
    """The file that was indexed, if it is there and still the same."""
    uploads, root = resources.settings.index / UPLOADS, resources.index.folder_of_articles
    file = contained_file_of(record.path, root, uploads)
    if file is None:
        raise ArticleError(f"{record.path} is not in the folder of articles.")
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ArticleError(f"{record.path} cannot be read: {error.strerror}.") from error
    if hashlib.sha256(data).hexdigest() != record.sha256:
        raise ArticleError(f"{record.path} has changed since it was read: run byline ingest.")
    return data

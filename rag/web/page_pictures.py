"""Pages of indexed PDF files as pictures, and of no other file."""

from __future__ import annotations

import base64
import hashlib

from rag.articles.formats.pdf import picture
from rag.articles.paths import UPLOADS, contained_file_of
from rag.errors import ArticleError
from rag.resources import Resources
from rag.schema import FileRecord


def page_picture(resources: Resources, article_id: str, page: int) -> str:
    """Page `page` (1-based) of the PDF that an article was read from, as a data: address.

    Raises:
        ArticleError: it is from no PDF, or the file has gone or is another one now.

    """
    files = resources.index.files()
    held = [files[path] for path in resources.index.files_of(article_id) if path in files]
    record = next((item for item in held if item.path.casefold().endswith(".pdf")), None)
    if record is None:
        raise ArticleError("This article was not read from a PDF.")
    data = _bytes(resources, record)
    return f"data:image/png;base64,{base64.b64encode(picture(data, page)).decode()}"


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

"""Libraries of references (.ris): each reference with an abstract is an article of its author."""

from __future__ import annotations

from rag.articles.cleaning import decode
from rag.articles.formats.exported.records import Record, read_records
from rag.articles.reading import Reading
from rag.errors import ArticleError


def read(data: bytes, path: str) -> Reading:
    """Read all references.

    Raises:
        ArticleError: not in the format, or nothing but titles and links.

    """
    import rispy  # type: ignore[import-untyped, unused-ignore]

    text = decode(data)
    try:
        entries = rispy.loads(text, skip_unknown_tags=False)
    except Exception as error:  # the parser trips over damaged files in many ways
        raise ArticleError(
            f"The file is no readable RIS ({error}): export the references again."
        ) from error
    if not entries:
        raise ArticleError("There is no reference in the file: export the references again.")
    records = (Record(number, entry) for number, entry in enumerate(entries, start=1))
    return read_records(records, path, "reference")

"""Files in, `Article`s out: one module per format family, loaded when its suffix turns up.

from rag.articles import listed, read_file

for path, file in listed(folder).files.items():
    reading = read_file(file, path)
"""

from rag.articles.assembling import article_id, make_article
from rag.articles.files import SUFFIXES, must_be_readable, read_articles, read_bytes, read_file
from rag.articles.listing import Listing, find_files, is_folder, listed
from rag.articles.paths import cited, original, printable
from rag.articles.reading import Reading

READER = 5  # part of the index fingerprint: raise it when the same file would read otherwise

__all__ = [
    "READER",
    "SUFFIXES",
    "Listing",
    "Reading",
    "cited",
    "article_id",
    "find_files",
    "is_folder",
    "listed",
    "make_article",
    "must_be_readable",
    "original",
    "printable",
    "read_articles",
    "read_bytes",
    "read_file",
]

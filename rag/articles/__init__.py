"""Files in, `Article`s out: one module per format family, loaded when its suffix turns up.

from rag.articles import find_files, read_file

for file in find_files(folder):
    reading = read_file(file, file.relative_to(folder).as_posix())
"""

from rag.articles.assembling import article_id, make_article
from rag.articles.files import SUFFIXES, find_files, read_articles, read_file
from rag.articles.reading import Reading

READER = 2  # part of the index fingerprint: raise it when the same file would read otherwise

__all__ = [
    "READER",
    "SUFFIXES",
    "Reading",
    "article_id",
    "find_files",
    "make_article",
    "read_articles",
    "read_file",
]

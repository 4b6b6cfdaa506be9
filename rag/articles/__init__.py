"""Files in, `Article`s out: one module per format family, loaded when its suffix turns up.

from rag.articles import find_files, read_articles

for file in find_files(folder):
    articles = read_articles(file, file.relative_to(folder).as_posix())
"""

from rag.articles.assembling import make_article
from rag.articles.files import SUFFIXES, find_files, read_articles

READER = 1  # part of the index fingerprint: raise it when the same file would read otherwise

__all__ = ["READER", "SUFFIXES", "find_files", "make_article", "read_articles"]

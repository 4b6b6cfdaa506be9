"""What an index tells of its articles, passages and files: questions to the manifest alone."""

from __future__ import annotations

from collections.abc import Iterable

from rag.schema import Article, FileRecord, Filters, Passage
from vectorstore.manifest import ArticleSummary, Manifest
from vectorstore.selecting import Catalogue


class Reading:
    """The part of `Index` that looks things up; searches and writing are there."""

    _manifest: Manifest

    def files(self) -> dict[str, FileRecord]:
        """Every finished file by its path."""
        return self._manifest.files()

    def files_of(self, article_id: str) -> list[str]:
        """Every path under which an article can be cited, sorted; `Article.path` is the first."""
        return self._manifest.files_of(article_id)

    def has_article(self, article_id: str) -> bool:
        """Whether the article is stored, with its vectors, for whichever file."""
        return bool(self._manifest.held([article_id]))

    def article(self, article_id: str) -> Article:
        """One article.

        Raises:
            KeyError: there is none of that id (any more).

        """
        return self._manifest.articles([article_id])[article_id]

    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """Return the articles that there are, by id."""
        return self._manifest.articles(ids)

    def origins(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the origin of each of the articles that has a signature."""
        return self._manifest.origins(ids)

    def copies(self, article_id: str) -> list[Article]:
        """Near-copies of an article, by path; its exact copies are `files_of` it."""
        found = self._manifest.articles(self._manifest.copies(article_id))
        return sorted(found.values(), key=lambda article: article.path)

    def passages(self, ids: Iterable[str]) -> dict[str, Passage]:
        """Return the passages that there are, by id."""
        return self._manifest.passages(ids)

    def passages_of(self, article_id: str) -> list[Passage]:
        """All passages of an article in reading order; empty for an unknown id."""
        return self._manifest.passages_of([article_id])

    def summaries(self) -> list[ArticleSummary]:
        """Every article, oldest first and then by path; those without a date come last."""
        return self._manifest.summaries()

    def select(self, filters: Filters) -> set[str] | None:
        """Ids of the articles that pass `filters`; None if they limit no article.

        Kinds limit passages: give them to `dense` and `lexical`.
        """
        return self._manifest.select(filters)

    def catalogue(self) -> Catalogue:
        """Return what filters look at, of every article, with all outlets and authors."""
        return self._manifest.catalogue()

    def counts(self) -> tuple[int, int, int]:
        """How many files, articles and passages there are."""
        return self._manifest.counts()

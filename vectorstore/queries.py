"""What an index tells: of its articles, passages and files, and what is found in it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import numpy as np

from rag.schema import Article, FileRecord, Filters, Kind, Passage
from vectorstore.former import Former
from vectorstore.lexical import LexicalIndex
from vectorstore.manifest import ArticleSummary, Manifest
from vectorstore.selecting import Catalogue
from vectorstore.syncing import Vectors


class Reading(ABC):
    """The part of `Index` that looks things up and finds; what writes is there."""

    _manifest: Manifest
    _vectors: Vectors
    _lexical: LexicalIndex

    @abstractmethod
    def refresh(self) -> bool:
        """See what another process has committed; True if there was something."""

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

    def former(self, article_id: str) -> Former | None:
        """What became of an article that is not in the index; None: it never was."""
        return self._manifest.former(article_id)

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

    def leads(self, count: int) -> dict[str, list[str]]:
        """Return the ids of every article's first `count` passages, by article, in order."""
        return self._manifest.leads(count)

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

    def stamp(self) -> str:
        """Return a text that is another one after each change, whichever process makes it."""
        self.refresh()
        meta = self._manifest.meta()
        return "-".join(str(meta[key]) for key in ("index", "generation", "commits"))

    def state(self) -> str:
        """Return a name of what is held: the same as long as no article comes, goes or changes."""
        return f"{self._manifest.get('index')}-{self._manifest.get('generation')}"

    def noted(self, name: str) -> str:
        """Return what was noted under a name, by whichever process; empty for nothing."""
        return self._manifest.get(f"noted {name}") or ""

    def note(self, name: str, text: str) -> None:
        """Keep a text about the articles with them. It is no part of what is searched."""
        self._manifest.put(f"noted {name}", text)

    def signatures(self) -> dict[str, bytes]:
        """Return the signature of every article that has one."""
        return self._manifest.signatures()

    def vectors(self, passage_ids: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the vectors (float32) that there are, by passage id; at most BATCH are asked."""
        with self._vectors.current() as store:
            return store.vectors(passage_ids)

    # --- searching

    def dense(
        self,
        vector: np.ndarray,
        k: int,
        article_ids: Collection[str] | None = None,
        *,
        kinds: tuple[Kind, ...] = (),
    ) -> list[tuple[str, float]]:
        """Find the `k` passages nearest to `vector`, with their cosine similarity, best first."""
        self.refresh()

        def find(n: int) -> list[tuple[str, float]]:
            with self._vectors.current() as store:
                return store.query(vector, n, article_ids, kinds)

        return self._known(find, k)

    def lexical(
        self,
        query: str,
        k: int,
        article_ids: Collection[str] | None = None,
        *,
        kinds: tuple[Kind, ...] = (),
    ) -> list[tuple[str, float]]:
        """Find the `k` passages with the best BM25 score for the words of `query`, best first."""
        self.refresh()
        return self._known(lambda n: self._lexical.search(query, n, article_ids, kinds), k)

    def whole(
        self, query: str, k: int, article_ids: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Find the `k` articles with the best BM25 score for the words of `query`, best first."""
        self.refresh()
        found = self._lexical.articles(query, k, article_ids)
        held = self._manifest.held(id_ for id_, _ in found)
        return sorted((pair for pair in found if pair[0] in held), key=lambda p: (-p[1], p[0]))

    def words(self, text: str) -> list[str]:
        """Stems of the words that the lexical search compares, in order, stop words left out."""
        return self._lexical.words(text)

    def rarity(self, words: Iterable[str]) -> dict[str, float]:
        """How much each of these stems tells: its BM25 idf over passages, above 0."""
        return self._lexical.rarity(words)

    def lacks(self, name: str) -> bool:
        """Whether the last word of `name` stands in no article, in whatever form."""
        words = self.words(name)
        return bool(words) and self._lexical.is_absent(words[-1])

    def terms(self, beginning: str) -> Mapping[str, int]:
        """Every stem that begins so, with the number of passages that hold it."""
        return self._lexical.terms(beginning)

    def holding(self, stem: str, k: int) -> list[Passage]:
        """Return up to `k` passages that hold this stem."""
        return list(self._manifest.passages(self._lexical.holding(stem, k)).values())

    def _known(
        self, find: Callable[[int], list[tuple[str, float]]], k: int
    ) -> list[tuple[str, float]]:
        """Keep what the manifest has of what `find` finds; if that is too little, find more."""
        n = k
        while True:
            found = dict(find(n))
            present = self._manifest.present(found)
            known = [(id_, score) for id_, score in found.items() if id_ in present]
            if len(known) >= k or len(found) < n:
                # equal scores in a fixed order, so that the same question ranks the same
                return sorted(known, key=lambda pair: (-pair[1], pair[0]))[:k]
            n *= 2

"""What an index tells: of its articles, passages and files, and what is found in it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import numpy as np

from rag.schema import Article, FileRecord, Kind, Passage
from vectorstore.former import Former
from vectorstore.holdings import ID_LISTS, Catalogue, Chosen
from vectorstore.lexical import LexicalIndex
from vectorstore.looked_up import Candidates, PassageRows
from vectorstore.manifest import Manifest
from vectorstore.source_list import AstrayFiles, Table
from vectorstore.syncing import Vectors

GROWTH = 4  # how much more to look for when filtering what was found leaves too little
DEEP = 20_000  # found and nearly none passes: then the articles are named, so many at a time …
SOME = 20_000  # … if there are no more; of more than that some are found before


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

    def leads(self, article_ids: Collection[str], most: int) -> dict[str, list[str]]:
        """Return the ids of these articles' first `most` passages, by article, in order."""
        return self._manifest.leads(article_ids, most)

    def article_ids(self) -> list[str]:
        """The id of every article, sorted."""
        return self._manifest.article_ids()

    def catalogue(self) -> Catalogue:
        """Return what can be asked about all articles without reading them."""
        return self._manifest.catalogue

    def records(self, paths: Collection[str]) -> dict[str, FileRecord]:
        """Those of these files that are finished, by path."""
        return self._manifest.records(paths)

    def files_named(self, paths: Collection[str]) -> dict[str, FileRecord]:
        """Those of these files that are finished, by path, without their articles."""
        return self._manifest.files_named(paths)

    def files_after(self, path: str, most: int) -> list[FileRecord]:
        """The next `most` finished files by path, without their articles."""
        return self._manifest.files_after(path, most)

    def table(self, astray: AstrayFiles) -> Table:
        """The table of sources, with what is known of the files that are astray."""
        return Table(self._manifest.database, astray)

    def holders(self, article_ids: Collection[str]) -> dict[str, list[str]]:
        """The finished files that hold each of these articles, sorted."""
        return self._manifest.holders(article_ids)

    def file_count(self) -> int:
        """How many files there are."""
        return self._manifest.file_count()

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

    def vectors(self, passage_ids: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the vectors (float32) that there are, by passage id; at most BATCH are asked."""
        with self._vectors.current() as store:
            return store.vectors(passage_ids)

    # --- searching

    def dense(
        self,
        vector: np.ndarray,
        k: int,
        among: Chosen | None = None,
        *,
        kinds: tuple[Kind, ...] = (),
    ) -> list[tuple[str, float]]:
        """Find the `k` passages nearest to `vector`, with their cosine similarity, best first.

        Of the articles `among` which is looked; of all without.
        """
        self.refresh()
        return self._dense(vector, k, among, kinds, PassageRows(self._manifest))

    def lexical(
        self,
        query: str,
        k: int,
        among: Chosen | None = None,
        *,
        kinds: tuple[Kind, ...] = (),
    ) -> list[tuple[str, float]]:
        """Find the `k` passages with the best BM25 score for the words of `query`, best first."""
        self.refresh()
        return self._worded(query, k, among, kinds, PassageRows(self._manifest))

    def whole(self, query: str, k: int, among: Chosen | None = None) -> list[tuple[str, float]]:
        """Find the `k` articles with the best BM25 score for the words of `query`, best first."""
        self.refresh()
        return self._whole(query, k, among)

    def candidates(
        self, query: str, vector: np.ndarray, k: int, among: Chosen, kinds: tuple[Kind, ...]
    ) -> Candidates:
        """As `dense`, `lexical` and `whole`, with what is known of what was found."""
        self.refresh()
        rows = PassageRows(self._manifest)
        dense = dict(self._dense(vector, k, among, kinds, rows))
        lexical = dict(self._worded(query, k, among, kinds, rows))
        whole = dict(self._whole(query, k, among))
        return Candidates(dense, lexical, whole, *rows.read([*dense, *lexical]))

    def _dense(
        self,
        vector: np.ndarray,
        k: int,
        among: Chosen | None,
        kinds: tuple[Kind, ...],
        rows: PassageRows,
    ) -> list[tuple[str, float]]:
        def find(n: int, ids: Collection[str] | None) -> list[tuple[str, float]]:
            with self._vectors.current() as store:
                return store.query(vector, n, ids, kinds)

        return _passing(find, k, among, rows)

    def _worded(
        self, query: str, k: int, among: Chosen | None, kinds: tuple[Kind, ...], rows: PassageRows
    ) -> list[tuple[str, float]]:
        def find(n: int, ids: Collection[str] | None) -> list[tuple[str, float]]:
            return self._lexical.search(query, n, ids, kinds)

        return _passing(find, k, among, rows)

    def _whole(self, query: str, k: int, among: Chosen | None) -> list[tuple[str, float]]:
        chosen = among or self.catalogue().every()
        ids = None if chosen.is_all else chosen.ids(ID_LISTS)
        n = k
        while True:
            found = self._lexical.articles(query, n, ids)
            held = self._manifest.held(id_ for id_, _ in found)
            passing = held if ids is not None else chosen.among(held)
            if ids is not None or chosen.is_all or len(passing) >= k or len(found) < n:
                kept = [pair for pair in found if pair[0] in passing]
                return sorted(kept, key=lambda pair: (-pair[1], pair[0]))[:k]
            n *= GROWTH

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


def _passing(
    find: Callable[[int, Collection[str] | None], list[tuple[str, float]]],
    k: int,
    among: Chosen | None,
    rows: PassageRows,
) -> list[tuple[str, float]]:
    """Keep what the manifest has, and what passes, of what `find` finds; find more if few do.

    Few articles are named to the search by their ids; of many, what was found is looked at.
    """
    ids = None if among is None or among.is_all else among.ids(ID_LISTS)
    sieve = among if among is not None and ids is None and not among.is_all else None
    n = k
    while True:
        found = dict(find(n, ids))
        present = rows.present(found, sieve)
        known = [(id_, score) for id_, score in found.items() if id_ in present]
        if len(known) >= k or len(found) < n:
            break
        if sieve and n >= DEEP and (every := sieve.ids(SOME)) is not None:
            parts = (every[at : at + ID_LISTS] for at in range(0, len(every), ID_LISTS))
            found = {id_: score for part in parts for id_, score in find(k, part)}
            present = rows.present(found)
            known = [(id_, score) for id_, score in found.items() if id_ in present]
            break
        n *= GROWTH if sieve else 2
    # equal scores in a fixed order, so that the same question ranks the same
    return sorted(known, key=lambda pair: (-pair[1], pair[0]))[:k]

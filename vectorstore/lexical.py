"""BM25 over the words of each passage with its header, and of each whole article (tantivy).

Derived data: a note beside it says which state of which manifest it was made from. If that is not
the manifest's state, or the folder is broken, the index is made again from the manifest.
"""

from __future__ import annotations

import json
import math
import os
import shutil
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import tantivy

from rag.errors import StoreUnavailable
from rag.schema import Passage
from vectorstore.privacy import make_private

FORMAT = 3  # rises when the fields or the analysis change: every lexical index is then rebuilt
HEAP_BYTES = 64_000_000  # what the writer may hold before it writes a segment
QUERY_WORDS = 200  # distinct words of a question that count; a pasted page stays fast
LONGEST_WORD = 40  # bytes; tantivy's en_stem drops longer ones

_NOTE = "byline.json"


class LexicalIndex:
    """The words of all passages, and of all articles. Searched from many threads, written by one.

    Two indexes, for BM25 holds a document's length against the average. Errors while writing are
    StoreUnavailable; a search of a missing or broken index finds nothing, for the manifest can
    make it again.
    """

    def __init__(self, folder: Path) -> None:
        """Open what is in `folder`, if it is of use."""
        self.folder = folder
        self._words = _analyzer()
        self._passages = _Documents(folder / "passages")
        self._articles = _Documents(folder / "articles")

    def reload(self) -> None:
        """See what another process has committed or made again."""
        for documents in (self._passages, self._articles):
            documents.reload()

    def is_at(self, index_id: str, generation: int) -> bool:
        """Whether this is the index of that manifest in that state."""
        return self.generation(index_id) == generation

    def generation(self, index_id: str) -> int | None:
        """The state of that manifest that this is the index of; None: it is of none, or broken."""
        try:
            note = json.loads((self.folder / _NOTE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        there = self._passages.is_there and self._articles.is_there
        known = isinstance(note, list) and len(note) == 3 and note[:2] == [FORMAT, index_id]
        return note[2] if there and known and isinstance(note[2], int) else None

    # --- writing

    def add(self, passages: Iterable[Passage]) -> None:
        """Add all passages of some articles, one article after the other; found after `commit`."""
        for article_id, group in groupby(passages, key=lambda passage: passage.article_id):
            held = list(group)
            for passage in held:
                self._passages.add(passage.id, article_id, passage.kind, passage.indexed_text)
            words = "\n".join([held[0].header, *(passage.text for passage in held)])
            self._articles.add(article_id, article_id, "", words)

    def delete(self, article_ids: Iterable[str]) -> None:
        """Remove these articles with all their passages; they are found until `commit`."""
        for article_id in article_ids:
            self._passages.delete(article_id)
            self._articles.delete(article_id)

    def commit(self, index_id: str, generation: int) -> None:
        """Make the changes durable and visible, as that state of the manifest."""
        try:
            self._passages.commit()
            self._articles.commit()
            _write_note(self.folder / _NOTE, [FORMAT, index_id, generation])
        except (ValueError, OSError) as error:
            raise _unavailable(self.folder, error) from error

    def rebuild(self, passages: Iterable[Passage], index_id: str, generation: int) -> None:
        """Replace everything by these passages. Who searches meanwhile sees the old state."""
        self.release()
        self.reload()
        if not (self._passages.is_there and self._articles.is_there):
            shutil.rmtree(self.folder, ignore_errors=True)
            self.reload()
        self._passages.clear()
        self._articles.clear()
        self.add(passages)
        self.commit(index_id, generation)
        self.release()

    def release(self) -> None:
        """Drop what is not committed and let other processes write."""
        self._passages.release()
        self._articles.release()

    # --- searching

    def search(
        self,
        query: str,
        k: int,
        article_ids: Collection[str] | None = None,
        kinds: Collection[str] = (),
    ) -> list[tuple[str, float]]:
        """Find the `k` best passage ids with their BM25 scores, best first.

        `query` is words, not a query language: punctuation means nothing. Without any word that
        counts (empty, punctuation, stop words) nothing is found.
        """
        return self._passages.search(self.words(query), k, article_ids, kinds)

    def articles(
        self, query: str, k: int, article_ids: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Find the `k` best articles by all their words: ids with their BM25 scores, best first."""
        return self._articles.search(self.words(query), k, article_ids)

    def words(self, text: str) -> list[str]:
        """Stems of the words that count, in order: what a search compares."""
        return [str(word) for word in self._words.analyze(text)]

    def sizes(self) -> tuple[int, int]:
        """How many passages and how many articles can be found."""
        return self._passages.size(), self._articles.size()

    def ids(self) -> tuple[set[str], set[str]]:
        """The ids of all passages and of all articles that can be found."""
        return self._passages.ids(), self._articles.ids()

    def rarity(self, words: Iterable[str]) -> dict[str, float]:
        """How much each of these stems tells: its BM25 idf over passages, above 0."""
        return self._passages.rarity(words)

    def is_absent(self, word: str) -> bool:
        """Whether no passage has this stem."""
        return self._passages.count(word) == 0

    def terms(self, beginning: str) -> Mapping[str, int]:
        """Every stem that begins so, with the number of passages that hold it."""
        return self._passages.terms(beginning)

    def holding(self, stem: str, k: int) -> list[str]:
        """Ids of `k` passages that hold this stem."""
        return [id_ for id_, _ in self._passages.search([stem], k)]


class _Documents:
    """One tantivy index: documents with an id, the id of their article, a kind and words."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._schema = _schema()
        self._writer: tantivy.IndexWriter | None = None
        self._index: tantivy.Index | None = None
        self._terms: dict[str, Mapping[str, int]] = {}  # by their beginning
        self.reload()

    @property
    def is_there(self) -> bool:
        """Whether there is an index that can be read."""
        return self._index is not None

    def reload(self) -> None:
        self._terms = {}
        try:
            index = tantivy.Index.open(str(self._folder))
            index.searcher()
        except ValueError:  # missing, or not readable: tantivy has no more precise error
            self._index = None
        else:
            self._index = index if index.schema == self._schema else None

    def add(self, id_: str, article_id: str, kind: str, words: str) -> None:
        document = tantivy.Document(id=id_, article_id=article_id, kind=kind, text=words)
        self._open_writer().add_document(document)

    def delete(self, article_id: str) -> None:
        self._open_writer().delete_documents_by_term("article_id", article_id)

    def clear(self) -> None:
        self._open_writer().delete_all_documents()

    def commit(self) -> None:
        if self._writer is not None:
            self._writer.commit()
        if self._index is not None:
            self._index.reload()
        self._terms = {}

    def release(self) -> None:
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.rollback()
            writer.wait_merging_threads()

    def search(
        self,
        words: Sequence[str],
        k: int,
        article_ids: Collection[str] | None = None,
        kinds: Collection[str] = (),
    ) -> list[tuple[str, float]]:
        counted = Counter(words).most_common(QUERY_WORDS)
        nowhere = article_ids is not None and not article_ids
        if self._index is None or not counted or nowhere or k < 1:
            return []
        searcher = self._index.searcher()
        asked = self._query(counted, article_ids, kinds)
        found = searcher.search(asked, limit=k, count=False)
        return [(str(searcher.doc(place).get_first("id")), score) for score, place in found.hits]

    def size(self) -> int:
        return 0 if self._index is None else int(self._index.searcher().num_docs)

    def ids(self) -> set[str]:
        if self._index is None or not self.size():
            return set()
        searcher = self._index.searcher()
        every = searcher.search(tantivy.Query.all_query(), limit=searcher.num_docs, count=False)
        return {str(searcher.doc(place).get_first("id")) for _, place in every.hits}

    def rarity(self, words: Iterable[str]) -> dict[str, float]:
        if self._index is None:
            return {}
        searcher = self._index.searcher()
        total = searcher.num_docs
        held = {word: searcher.doc_freq("text", word) for word in set(words)}
        return {word: math.log(1 + (total - n + 0.5) / (n + 0.5)) for word, n in held.items()}

    def count(self, word: str) -> int | None:
        """How many passages have this stem; None without an index."""
        return self._index.searcher().doc_freq("text", word) if self._index else None

    def terms(self, beginning: str) -> Mapping[str, int]:
        """Kept until the index changes: a question asks for them often."""
        known, terms = self._terms, self._terms.get(beginning)
        if terms is None and self._index is not None:
            terms = dict(self._index.searcher().terms_with_prefix("text", beginning))
            known[beginning] = terms
        return terms or {}

    def _open_writer(self) -> tantivy.IndexWriter:
        if self._writer is None:
            try:
                make_private(self._folder)
                if self._index is None:
                    self._index = tantivy.Index(self._schema, str(self._folder))
                self._writer = self._index.writer(heap_size=HEAP_BYTES, num_threads=1)
            except (ValueError, OSError) as error:
                raise _unavailable(self._folder, error) from error
        return self._writer

    def _query(
        self,
        words: list[tuple[str, int]],
        article_ids: Collection[str] | None,
        kinds: Collection[str],
    ) -> tantivy.Query:
        terms = [(tantivy.Occur.Should, self._term(word, times)) for word, times in words]
        clauses = [(tantivy.Occur.Must, tantivy.Query.boolean_query(terms))]
        for field, values in (("article_id", article_ids), ("kind", kinds or None)):
            if values is not None:
                among = tantivy.Query.term_set_query(self._schema, field, list(values))
                # a filter must not add to the score
                clauses.append((tantivy.Occur.Must, tantivy.Query.const_score_query(among, 0.0)))
        return tantivy.Query.boolean_query(clauses)

    def _term(self, word: str, times: int) -> tantivy.Query:
        term = tantivy.Query.term_query(self._schema, "text", word, index_option="freq")
        return tantivy.Query.boost_query(term, float(times))


def _unavailable(folder: Path, error: Exception) -> StoreUnavailable:
    return StoreUnavailable(
        f"{folder} cannot be written ({error}). Check the disk and its permissions, then"
        " run byline ingest again; deleting that folder is safe, it is made again."
    )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("article_id", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name="en_stem", index_option="freq")
    return builder.build()


def _analyzer() -> tantivy.TextAnalyzer:
    """Do what en_stem does to a passage, and drop stop words: the index keeps them, a query not."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(LONGEST_WORD))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def _write_note(path: Path, note: list[str | int]) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(note), encoding="utf-8")
    os.replace(fresh, path)  # never half a note

"""The manifest's tables, the same in SQLite and in PostgreSQL."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

SCHEMA = 5  # rises when the tables below change; see migrations.py

TABLES = MetaData()
# on a server alone, and not made anew with the index: see beside.py
BESIDE, OPINIONS = MetaData(), MetaData()
# Compared byte by byte, as SQLite does: what begins like a path lies in one range.
_TEXT = Text().with_variant(Text(collation="C"), "postgresql")


def _text(name: str, *, key: bool = False, null: bool = False) -> Column[str]:
    return Column(name, _TEXT, primary_key=key, nullable=null)


def _number(name: str, *, key: bool = False, null: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, nullable=null, autoincrement=False)


# A key has a text or a number.
Table("meta", TABLES, _text("key", key=True), _text("value", null=True),
      _number("number", null=True), sqlite_with_rowid=False)  # fmt: skip
Table("files", TABLES, _text("path", key=True), _text("sha256"), _number("size"),
      _number("mtime_ns"))  # fmt: skip
# position is NULL until the file is finished: its articles are found, and a killed ingest that
# is run again need not embed them again
Table(
    "file_articles", TABLES, _text("file"), _number("position", null=True), _text("article_id"),
    _text("cited_path"),
    Index("file_articles_file", "file", "position", "article_id"),
    Index("file_articles_article", "article_id", "cited_path"),
    Index("file_articles_cited", "cited_path", "article_id"),
)  # fmt: skip
# path: the first that cites it; kinds: of its passages, in the order of the alphabet; listed: by
# what the table of sources sorts and finds it (naming.py). The indexes
# hold all that filters look at, so that to count a million articles is to read one of them. text
# comes last: SQLite need not read it for the columns before.
_FACTS = ("published", "outlet", "author", "label", "kinds", "language", "id")
Table(
    "articles", TABLES, _text("id", key=True), _text("path"), _text("title", null=True),
    _text("author", null=True), _text("outlet", null=True), _text("published", null=True),
    _text("url", null=True), _text("label", null=True), _text("updated", null=True),
    _text("language", null=True), _text("dated", null=True), _text("kinds"), _text("listed"),
    _text("parts"), _text("pages"), _text("places"), _text("notes"), _number("characters"),
    _text("text"),
    Index("articles_day", text("published DESC"), "path", "id").ddl_if(dialect="sqlite"),
    Index("articles_newest", text("published DESC NULLS LAST"), "path", "id").ddl_if(
        dialect="postgresql"
    ),
    Index("articles_facts", *_FACTS),
    Index("articles_outlet", "outlet", *(name for name in _FACTS if name != "outlet")),
    Index("articles_author", "author", *(name for name in _FACTS if name != "author")),
    Index("articles_characters", "characters", "id"),
    Index("articles_listed", "listed", "id"),
)  # fmt: skip
Table(
    "passages", TABLES, _text("id", key=True), _text("article_id"), _number("number"),
    _number("start"), _number("end"), _text("header"), _text("kind"),
    Index("passages_article", "article_id", "number"),
)  # fmt: skip
# how many articles have an outlet, name a person, are in a language …
Table(
    "tallies", TABLES, _text("kind", key=True), _text("name", key=True), _number("articles"),
    Index("tallies_order", "kind", "articles", "name"),
    Index("tallies_name", "kind", text("lower(name)"), "name"), sqlite_with_rowid=False,
)  # fmt: skip
# … and by which words and plain names each of them is found
Table("names", TABLES, _text("kind", key=True), _text("word", key=True), _text("name", key=True),
      sqlite_with_rowid=False)  # fmt: skip
# what makes near-copies known: a signature of the words, and the group that it puts an article in;
# articles that may be alike have a band of their signatures in common
Table(
    "likeness", TABLES, _text("article_id", key=True),
    Column("signature", LargeBinary, nullable=False), _text("origin"),
    Index("likeness_origin", "origin"), sqlite_with_rowid=False,
)  # fmt: skip
Table(
    "bands", TABLES, _number("band", key=True), _text("article_id", key=True),
    sqlite_with_rowid=False,
)  # fmt: skip
# articles that went: where they were cited, what stands there now, and as they were where their
# file changed; size is that of the packed article, number says which came first on a day
Table(
    "former", TABLES, Column("number", Integer, primary_key=True), _text("article_id"),
    _text("path"), _text("became", null=True), _text("gone"), _number("size"),
    Column("article", LargeBinary, nullable=True),
    Index("former_article", "article_id", unique=True),
    Index("former_path", "path"), Index("former_became", "became"),
    Index("former_texts", "gone", "size", sqlite_where=text("size > 0"),
          postgresql_where=text("size > 0")),
)  # fmt: skip
# articles whose vectors are being written to or deleted from Chroma
Table("pending", TABLES, _text("article_id", key=True), sqlite_with_rowid=False)
# which articles came or went with which generation, for the words that other machines keep
Table(
    "changes", TABLES, Column("number", BigInteger().with_variant(Integer, "sqlite"),
    primary_key=True), _number("generation"), _text("article_id"),
    Index("changes_generation", "generation"),
)  # fmt: skip

Table(
    "kept", BESIDE, _text("name", key=True), Column("content", LargeBinary, nullable=False),
    _number("size"), _number("mtime_ns"), _text("sha256"),
)  # fmt: skip
Table(
    "feedback", OPINIONS, _text("answer_sha256", key=True), _text("given"), _text("question"),
    _text("verdict"), _text("reason"), _text("model"), _text("answer"),
)  # fmt: skip

NAMES = tuple(TABLES.tables)
# the columns of an Article
ARTICLE = (
    "id, path, title, author, outlet, published, url, label, updated, language, dated, parts,"
    " pages, places, notes, text"
)

"""The manifest's tables, as SQL."""

from __future__ import annotations

SCHEMA = 4  # rises when the tables below change; see migrations.py

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    path TEXT PRIMARY KEY, sha256 TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL
);
-- position is NULL until the file is finished: its articles are found, and a killed ingest that
-- is run again need not embed them again
CREATE TABLE file_articles (
    file TEXT NOT NULL, position INTEGER, article_id TEXT NOT NULL, cited_path TEXT NOT NULL
);
CREATE INDEX file_articles_file ON file_articles (file, position);
CREATE INDEX file_articles_article ON file_articles (article_id, cited_path);
-- text comes last: SQLite need not read it for the columns before
CREATE TABLE articles (
    id TEXT PRIMARY KEY, title TEXT, author TEXT, outlet TEXT, published TEXT, url TEXT,
    label TEXT, updated TEXT, language TEXT, dated TEXT, parts TEXT NOT NULL,
    pages TEXT NOT NULL, places TEXT NOT NULL, notes TEXT NOT NULL,
    characters INTEGER NOT NULL, text TEXT NOT NULL
);
CREATE TABLE passages (
    id TEXT PRIMARY KEY, article_id TEXT NOT NULL, number INTEGER NOT NULL,
    "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, header TEXT NOT NULL, kind TEXT NOT NULL
);
CREATE INDEX passages_article ON passages (article_id, number);
-- what makes near-copies known: a signature of the words, and the group that it puts an article in
CREATE TABLE likeness (
    article_id TEXT PRIMARY KEY, signature BLOB NOT NULL, origin TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX likeness_origin ON likeness (origin);
-- articles that went: where they were cited, what stands there now, and as they were where their
-- file changed; size is that of the packed article, number says which came first on a day
CREATE TABLE former (
    number INTEGER PRIMARY KEY, article_id TEXT NOT NULL UNIQUE, path TEXT NOT NULL, became TEXT,
    gone TEXT NOT NULL, size INTEGER NOT NULL, article BLOB
);
CREATE INDEX former_path ON former (path);
CREATE INDEX former_became ON former (became);
CREATE INDEX former_texts ON former (gone, size) WHERE size > 0;
-- articles whose vectors are being written to or deleted from Chroma
CREATE TABLE pending (article_id TEXT PRIMARY KEY) WITHOUT ROWID;
"""
NAMES = (
    "meta", "files", "file_articles", "articles", "passages", "likeness", "former", "pending",
)  # fmt: skip
# the columns of an Article; its path is the first that cites it
ARTICLE = (
    "id, (SELECT MIN(cited_path) FROM file_articles WHERE article_id = articles.id) AS path,"
    " title, author, outlet, published, url, label, updated, language, dated, parts, pages,"
    " places, notes, text"
)

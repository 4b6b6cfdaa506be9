"""Which articles pass, against a plain reference that knows nothing of SQL or of caches."""

import fnmatch
import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.schema import Article, FileRecord, Filters, Part, Passage
from vectorstore import selecting
from vectorstore.holdings import Tally
from vectorstore.manifest import Manifest
from vectorstore.opening import manifest_of
from vectorstore.selecting import is_at, is_by, outlet_names, people, plain

OUTLETS = ("The Guardian", "Guardian", "CNBC | Business", "Le Mondé", "FOX News - Health")
PEOPLE = ("Jane Doe", "John Q. Roe", "Zoë Li", "Reuters")
PATHS = ("a.txt", "2015/a.txt", "2015/may/b.pdf", "news.jsonl", "[draft].md")
days = st.dates(date(2014, 12, 30), date(2015, 1, 3))
articles = st.builds(
    lambda outlet, names, published, label, path, kind: (
        Article("", path, None, " and ".join(names) or None, outlet, published, None, "Words.",
                (Part(kind, 0, 6),), label=label),
        kind,
    ),
    st.sampled_from([*OUTLETS, None]),
    st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True),
    st.none() | days,
    st.sampled_from([None, "opinion", "interview"]),
    st.sampled_from(PATHS),
    st.sampled_from(["body", "comment"]),
)  # fmt: skip
filters = st.builds(
    Filters,
    since=st.none() | days,
    until=st.none() | days,
    outlets=st.lists(st.sampled_from(["guardian", "LE MONDE", "cnbc", "fox news", "x"]), max_size=2)
    .map(tuple),
    authors=st.lists(st.sampled_from(["roe", "jane doe", "ZOE LI", "John Roe", "Jane"]), max_size=2)
    .map(tuple),
    files=st.lists(st.sampled_from(["a.txt", "2015", "2015/", "*.pdf", "[draft].md"]), max_size=2)
    .map(tuple),
    kinds=st.lists(st.sampled_from(["body", "comment"]), max_size=2, unique=True).map(tuple),
    opinion=st.sampled_from([None, True, False]),
)  # fmt: skip

# what each name above stands for, written out
CALLED = {
    "guardian": {"The Guardian", "Guardian"},
    "LE MONDE": {"Le Mondé"},
    "cnbc": {"CNBC | Business"},
    "fox news": {"FOX News - Health"},
    "x": set(),
}
WROTE = {
    "roe": "John Q. Roe", "jane doe": "Jane Doe", "ZOE LI": "Zoë Li", "John Roe": "John Q. Roe",
    "Jane": "nobody",
}  # fmt: skip


def reference(article: Article, kind: str, wanted: Filters) -> bool:
    if (wanted.since or wanted.until) and article.published is None:
        return False
    if wanted.since and article.published and article.published < wanted.since:
        return False
    if wanted.until and article.published and article.published > wanted.until:
        return False
    if wanted.outlets and not any(article.outlet in CALLED[name] for name in wanted.outlets):
        return False
    if wanted.authors and not any(WROTE[n] in (article.author or "") for n in wanted.authors):
        return False
    if wanted.files and not any(reference_file(article.path, file) for file in wanted.files):
        return False
    if wanted.kinds and kind not in wanted.kinds:
        return False
    return wanted.opinion is None or wanted.opinion == (article.label == "opinion")


def reference_file(path: str, file: str) -> bool:
    if file == "*.pdf":
        return path.endswith(".pdf")
    return path == file or (file.startswith("2015") and path.startswith("2015/"))


def store(manifest: Manifest, items: Sequence[tuple[Article, str]]) -> dict[str, tuple]:
    held = {}
    for n, (item, kind) in enumerate(items):
        article = Article(
            str(n), item.path, None, item.author, item.outlet, item.published, None, item.text,
            item.parts, label=item.label,
        )  # fmt: skip
        passage = Passage(f"{n}:0", str(n), 0, 0, 6, "Words.", "", kind)  # type: ignore[arg-type]
        file = f"{n}!"  # each in a file of its own; the cited path is what is looked at
        manifest.put_articles({file: [(article, [passage])]})
        manifest.finish_files([(FileRecord(file, str(n), 1, 1, (str(n),)), [item.path])])
        held[str(n)] = (article, kind)
    return held


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(articles, max_size=8), st.lists(filters, min_size=1, max_size=8))
def test_selection_equals_the_reference(
    tmp_path_factory: pytest.TempPathFactory,
    items: list[tuple[Article, str]],
    several: list[Filters],
) -> None:
    manifest = manifest_of(tmp_path_factory.mktemp("select"))
    manifest.create({})
    try:
        held = store(manifest, items)
        for wanted in several:
            expected = {
                id_ for id_, (article, kind) in held.items() if reference(article, kind, wanted)
            }
            chosen = manifest.catalogue.chosen(wanted)
            assert chosen.ids(100) == sorted(expected)
            assert chosen.count() == len(expected)
            assert chosen.among(held) == expected
            facts = manifest.catalogue.facts(held).values()
            assert {item.id for item in selecting.chosen(facts, wanted)} == expected
    finally:
        manifest.close()


def test_the_catalogue_follows_every_change(tmp_path: Path) -> None:
    one, other = manifest_of(tmp_path), manifest_of(tmp_path)
    one.create({})
    assert other.catalogue.count() == 0
    article = (Article("", "a.txt", None, "A. B", "The X", None, None, "Words."), "body")
    store(one, [article])
    for manifest in (one, other):
        (item,) = manifest.catalogue.every().facts("path", 9)
        assert item.paths == ("0!", "a.txt")
        assert manifest.catalogue.outlets(9) == [Tally("The X", 1)]
        assert manifest.catalogue.outlets_with(["x"]) == ("The X",)
    one.remove_file("0!")
    for manifest in (one, other):
        assert (manifest.catalogue.count(), manifest.catalogue.outlets(9)) == (0, [])
    one.close()
    other.close()


@given(st.text())
def test_plain_text_stays_plain(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert plain(unicodedata.normalize("NFD", text)) == plain(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("author", "wanted", "matches"),
    [
        ("Jane Doe and John Roe", "john roe", True),
        ("Jane Doe and John Roe", "roe", True),
        ("Jane Doe and John Roe", "jane doe and john roe", True),
        ("Jane Doe, John Roe", "jane roe", False),
        ("Jane Doe and John Roe", "jane", False),
        ("Jane M. Doe", "jane doe", True),
        ("Sam O’Neill", "o'neill", True),
        ("Alexander Sandberg", "berg", False),
        ("Jane Doe", "", False),
    ],
)
def test_authors(author: str, wanted: str, matches: bool) -> None:
    assert is_by(author, wanted) is matches


def test_people_and_outlets() -> None:
    assert people("Jane Doe, Sandy Anders & John Roe") == ["Jane Doe", "Sandy Anders", "John Roe"]
    assert "news.com" not in outlet_names("The News")
    assert outlet_names("The News.com | World") == {"news.com | world", "news.com", "news"}


@given(st.sampled_from(PATHS), st.text(alphabet="a.*?[2015/]", max_size=8))
def test_patterns_are_the_shells(path: str, wanted: str) -> None:
    folder = bool(wanted) and path.startswith(f"{wanted}/")
    assert is_at(path, wanted) == (path == wanted or folder or fnmatch.fnmatchcase(path, wanted))

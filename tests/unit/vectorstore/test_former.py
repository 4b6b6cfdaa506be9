"""What became of articles that went: texts are kept where a file changed, and not for ever."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.schema import Article, FileRecord, Part, Place
from vectorstore import former
from vectorstore.former import Former, Went, went
from vectorstore.manifest import Manifest
from vectorstore.opening import manifest_of
from vectorstore.storing import Link

TODAY = datetime.now(UTC).date()


@pytest.fixture
def manifest(tmp_path: Path) -> Iterator[Manifest]:
    made = manifest_of(tmp_path)
    made.create({"fingerprint.embedding": "tiny"})
    yield made
    made.close()


def article(id_: str, path: str, text: str = "") -> Article:
    return Article(
        id=id_, path=path, title="T", author="Ann Lee", outlet="Post", published=date(2024, 2, 29),
        url="https://post.example/a", text=text or f"What {id_} says.",
        parts=(Part("body", 0, 4), Part("comment", 4, 9, "Bob")), pages=(0, 3),
        places=(Place(0, "00:01", None),), notes=("corrected",),
    )  # fmt: skip


def store(manifest: Manifest, file: str, *held: Article) -> list[str]:
    manifest.put_articles({file: [(each, ()) for each in held]})
    record = FileRecord(file, "sha", 3, 4, tuple(each.id for each in held))
    return manifest.finish_files([(record, [each.path for each in held])])


def texts(manifest: Manifest) -> list[str]:
    sql = "SELECT article_id FROM former WHERE size > 0 ORDER BY number"
    return [row[0] for row in manifest.rows(sql)]


def age(manifest: Manifest, days: int) -> None:
    """As if so many days more had passed since all that went."""
    with manifest.transaction() as db:
        for row in db.rows("SELECT number, gone FROM former"):
            day = date.fromisoformat(row.gone) - timedelta(days=days)
            sql = "UPDATE former SET gone = :gone WHERE number = :number"
            db.run(sql, gone=day.isoformat(), number=row.number)


# --- which became what


def test_what_each_article_of_a_file_became() -> None:
    one, other = Link("a", "f#1", True), Link("b", "f#2", True)
    new = Link("c", "f#1", False)  # is stored already when the file is finished
    assert went([one, other, new], [("c", "f#1"), ("b", "f#2")]) == {"a": Went("f#1", "c")}
    assert went([one, other], [("b", "f#2")]) == {"a": Went("f#1", None)}
    # the second moves up to the place of the first, which has not become it
    assert went([one, other], [("b", "f#1")]) == {"a": Went("f#1", None)}
    assert went([one], [("c", "f#7"), ("d", "f#8")]) == {"a": Went("f#1", "c")}
    assert went([one], []) == {"a": Went("f#1", None)}
    assert went([one], [("a", "f#1")]) == went([], [("a", "f#1")]) == went([new], []) == {}


def test_the_text_before_a_change_is_kept_whole(manifest: Manifest) -> None:
    before = article("a", "a.txt")
    store(manifest, "a.txt", before)
    assert store(manifest, "a.txt", article("b", "a.txt")) == ["a"]
    assert manifest.former("a") == Former("a.txt", TODAY, False, before, "b")
    assert manifest.former("b") is None


def test_changes_are_followed_to_what_stands_there_now(manifest: Manifest) -> None:
    for id_ in "abcd":
        store(manifest, "a.txt", article(id_, "a.txt"))
    found = manifest.former("a")
    assert found is not None
    assert found.became == "d"


def test_what_comes_back_is_an_article_as_before(manifest: Manifest) -> None:
    for id_ in "aba":
        store(manifest, "a.txt", article(id_, "a.txt"))
    assert manifest.held(["a"]) == {"a"}
    found = manifest.former("b")
    assert found is not None
    assert found.became == "a"


def test_of_what_was_removed_no_text_is_kept(manifest: Manifest) -> None:
    for id_ in "abc":
        store(manifest, "a.txt", article(id_, "a.txt"))
    assert manifest.remove_file("a.txt") == ["c"]
    for id_ in "abc":
        assert manifest.former(id_) == Former("a.txt", TODAY, True, None, None)
    assert texts(manifest) == []


def test_a_removed_file_leaves_no_text_where_another_holds_its_last(manifest: Manifest) -> None:
    for id_ in "ab":
        store(manifest, "a.txt", article(id_, "a.txt"))
    store(manifest, "copy.txt", article("b", "copy.txt"))
    assert manifest.remove_file("a.txt") == []
    assert texts(manifest) == []
    found = manifest.former("a")
    assert found is not None
    assert found.removed
    assert manifest.former("b") is None


def test_a_removed_file_leaves_no_text_that_was_cited_otherwise(manifest: Manifest) -> None:
    store(manifest, "a.json", article("a", "a.json"))
    store(manifest, "a.json", article("b", "a.json#1"), article("c", "a.json#2"))
    assert texts(manifest) == ["a"]
    manifest.remove_file("a.json")
    assert texts(manifest) == []


def test_a_row_that_was_taken_out_leaves_no_text(manifest: Manifest) -> None:
    rows = [article(id_, f"f.csv#{n}") for n, id_ in enumerate("abc", 1)]
    store(manifest, "f.csv", *rows)
    store(manifest, "f.csv", rows[0], rows[2])
    found = manifest.former("b")
    assert found == Former("f.csv#2", TODAY, True, None, None)
    assert texts(manifest) == []


def test_an_article_that_another_file_holds_has_not_gone(manifest: Manifest) -> None:
    for file in ("a.txt", "copy.txt"):
        store(manifest, file, article("a", file))
    assert store(manifest, "a.txt", article("b", "a.txt")) == []
    assert manifest.former("a") is None


def test_what_was_never_finished_was_never_there(manifest: Manifest) -> None:
    manifest.put_articles({"a.txt": [(article("a", "a.txt"), ())]})
    assert store(manifest, "a.txt", article("b", "a.txt")) == ["a"]
    manifest.put_articles({"a.txt": [(article("c", "a.txt"), ())]})
    assert manifest.drop_unfinished() == ["c"]
    assert manifest.former("a") is None
    assert manifest.former("c") is None


def test_a_damaged_text_is_as_one_that_is_kept_no_longer(manifest: Manifest) -> None:
    for id_ in "ab":
        store(manifest, "a.txt", article(id_, "a.txt"))
    for packed in (b"x", zlib.compress(b"{"), zlib.compress(b"{}"), zlib.compress(b"[1]")):
        with manifest.transaction() as db:
            db.run("UPDATE former SET article = :packed", packed=packed)
        assert manifest.former("a") == Former("a.txt", TODAY, False, None, "b")


# --- how long, and how much


def test_a_text_is_kept_for_a_year_and_that_it_changed_for_longer(manifest: Manifest) -> None:
    for id_ in "ab":
        store(manifest, "a.txt", article(id_, "a.txt"))
    age(manifest, former.DAYS)
    store(manifest, "a.txt", article("c", "a.txt"))
    assert texts(manifest) == ["a", "b"]
    age(manifest, 1)
    store(manifest, "a.txt", article("d", "a.txt"))
    assert texts(manifest) == ["b", "c"]
    gone = TODAY - timedelta(days=former.DAYS + 1)
    assert manifest.former("a") == Former("a.txt", gone, False, None, "d")


def test_of_one_path_the_newest_texts_are_kept(manifest: Manifest) -> None:
    store(manifest, "other.txt", article("other", "other.txt"))
    store(manifest, "other.txt", article("now", "other.txt"))
    for number in range(former.OF_ONE_PATH + 4):
        store(manifest, "a.txt", article(f"{number:02}", "a.txt"))
    newest = [f"{number:02}" for number in range(3, former.OF_ONE_PATH + 3)]
    assert texts(manifest) == ["other", *newest]


def test_the_oldest_texts_go_where_all_are_too_large(
    manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        store(manifest, f"{number}.txt", article(f"{number}", f"{number}.txt"))
        store(manifest, f"{number}.txt", article(f"now-{number}", f"{number}.txt"))
    (size,) = manifest.rows("SELECT MAX(size) FROM former")[0]
    monkeypatch.setattr(former, "BYTES", 3 * size)
    store(manifest, "6.txt", article("6", "6.txt"))
    store(manifest, "6.txt", article("now-6", "6.txt"))
    assert texts(manifest) == ["4", "5", "6"]
    monkeypatch.setattr(former, "ROWS", 4)
    store(manifest, "7.txt", article("7", "7.txt"))
    store(manifest, "7.txt", article("now-7", "7.txt"))
    rows = manifest.rows("SELECT article_id FROM former ORDER BY number")
    assert [row[0] for row in rows] == ["4", "5", "6", "7"]
    assert manifest.former("3") is None


STEPS = st.lists(
    st.tuples(st.sampled_from(["a.csv", "b.csv"]), st.lists(st.sampled_from("vwxyz"), max_size=3)),
    max_size=12,
)


@given(steps=STEPS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_every_article_is_there_or_is_known_to_have_gone(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, list[str]]]
) -> None:
    with closing(manifest_of(tmp_path_factory.mktemp("former"))) as manifest:
        manifest.create({})
        seen: set[str] = set()
        for file, ids in steps:
            unique = list(dict.fromkeys(ids))
            if unique:
                rows = [article(id_, f"{file}#{n}") for n, id_ in enumerate(unique)]
                store(manifest, file, *rows)
            else:
                manifest.remove_file(file)
            seen |= set(ids)
        held = manifest.held(seen)
        for id_ in seen - held:
            found = manifest.former(id_)
            assert found is not None
            assert found.became is None or found.became in held
            assert not found.removed or found.article is None
        if not held:
            assert texts(manifest) == []

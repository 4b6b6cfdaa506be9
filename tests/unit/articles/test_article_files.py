"""Which files are found, which are refused, and with what reason."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.articles import SUFFIXES, find_files, read_articles
from rag.errors import ArticleError


def _ole(stream: str) -> bytes:
    """The first bytes of an old Office file, and the name of a stream in it."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600 + f"{stream}\0".encode("utf-16-le")


def touch(file: Path, text: str = "text") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def found(folder: Path) -> list[str]:
    return [file.relative_to(folder).as_posix() for file in find_files(folder)]


def test_files_are_sorted_by_their_relative_path(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a.txt", "B.txt", "a/b/c.pdf", "notes.xyz"):
        touch(tmp_path / name)
    assert found(tmp_path) == sorted(found(tmp_path))
    assert set(found(tmp_path)) == {"B.txt", "a.txt", "a/b/c.pdf", "a/z.txt", "b.txt", "notes.xyz"}


def test_hidden_files_and_folders_are_skipped(tmp_path: Path) -> None:
    for name in (".DS_Store", ".git/config", "a/.hidden/b.txt", "a/b.txt"):
        touch(tmp_path / name)
    assert found(tmp_path) == ["a/b.txt"]


def test_only_the_asset_folder_beside_a_page_is_skipped(tmp_path: Path) -> None:
    for name in ("Page.html", "Page_files/ad.html", "Old.htm", "Old.files/x.js", "tax_files/a.txt"):
        touch(tmp_path / name)
    assert found(tmp_path) == ["Old.htm", "Page.html", "tax_files/a.txt"]


def test_links_must_stay_inside(tmp_path: Path) -> None:
    outside = touch(tmp_path / "outside.txt")
    folder = tmp_path / "articles"
    inside = touch(folder / "inside.txt")
    (folder / "out.txt").symlink_to(outside)
    (folder / "in.txt").symlink_to(inside)
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    (folder / "round.txt").symlink_to(folder / "round.txt")
    assert found(folder) == ["in.txt", "inside.txt"]


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="is not a folder"):
        find_files(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.xyz", b"x", r"does not read \.xyz files\. Save it as"),
        ("README", b"x", "files without a suffix"),
        ("a.txt", b" \n\t ", "empty"),
        ("a.txt", b"\0\1\2\3", "NUL"),
        ("a.md", bytes(range(1, 32)) * 4, "binary"),
        ("a.txt", b"\xff\xfea", "UTF-16"),
        ("a.txt", "\u200b\u200b".encode(), "no text"),
        ("a.html", b"<html><body><img src='x'></body></html>", "no text"),
        ("a.pdf", b"%PDF-1.7 and nothing else", "not a readable PDF"),
        ("a.docx", b"PK\3\4 broken", "not a readable Word document"),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600,
            "not a readable Word document",
        ),
        ("a.docx", _ole("EncryptedPackage"), "encrypted; save it without a password"),
        ("a.jsonl", b'["x"]', "line 1: It is not an object"),
        ("a.jsonl", b'{"id": "1"}', "line 1: It has no text"),
        ("a.jsonl", b'{"id": [1], "text": "x"}', "line 1: Its id must be"),
        ("a.jsonl", b'{"text": ' + b"[" * 100_000, "line 1: It is not valid JSON"),
        ("a.jsonl", b'{"text": "\\u200b"}', "line 1: Its text is empty"),
    ],
)
def test_a_bad_file_is_refused_with_a_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(ArticleError, match=reason):
        read_articles(file, name)


def test_a_file_that_has_gone(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="has gone"):
        read_articles(tmp_path / "gone.txt", "gone.txt")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, mode: str) -> object:
        raise PermissionError(13, "Permission denied", str(self))

    (tmp_path / "a.txt").write_text("A ferry sank.")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ArticleError, match="No permission"):
        read_articles(tmp_path / "a.txt", "a.txt")


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(ArticleError, match="cannot be read"):
        read_articles(tmp_path / "a.txt", "a.txt")


def test_suffixes_are_read_in_any_case(tmp_path: Path) -> None:
    file = touch(tmp_path / "A.TXT", "A headline\n\nAnd a sentence that goes on for a while.")
    assert read_articles(file, "A.TXT")[0].title == "A headline"


def test_every_suffix_has_a_reader(tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        file = tmp_path / f"empty{suffix}"
        file.write_bytes(b"")
        with pytest.raises(ArticleError, match="empty"):
            read_articles(file, file.name)


def test_importing_the_package_loads_no_parser() -> None:
    code = (
        "import sys, rag.articles; "
        "heavy = {'lxml', 'trafilatura', 'docx', 'pypdfium2', 'yaml', "
        "'charset_normalizer', 'email.message', 'zipfile'} & set(sys.modules); "
        "sys.exit(bool(heavy))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


FUZZ = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def check_readable_or_refused(file: Path) -> None:
    try:
        articles = read_articles(file, file.name)
    except ArticleError:
        return
    for article in articles:
        article.text.encode()
        for part in article.parts:
            assert article.text[part.start : part.end].strip()


@pytest.mark.parametrize("suffix", SUFFIXES)
@FUZZ
@given(data=st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8")))
def test_random_bytes_are_read_or_refused(tmp_path: Path, suffix: str, data: bytes) -> None:
    file = tmp_path / f"fuzz{suffix}"
    file.write_bytes(data)
    check_readable_or_refused(file)


MARKUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<div class=comment>", "</div>", "<h1>", "<figure>", "<figcaption>", "x. ",
         "<script type='application/ld+json'>", '{"@type": "Article"', "}", "</script>", "<!--",
         "---\n", "title: [", "# ", "**", "[a](", "|-", "1. ", "By ", "©", "Comments\n", "\n\n",
         "3/4/2015", '{"text":', '"a"', ",", "\x00", "é", "<table><tr><td>", "&#0;", "<svg>"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@pytest.mark.parametrize("suffix", [".html", ".md", ".txt", ".jsonl"])
@FUZZ
@given(text=MARKUP)
def test_broken_markup_is_read_or_refused(tmp_path: Path, suffix: str, text: str) -> None:
    file = tmp_path / f"fuzz{suffix}"
    file.write_text(text)
    check_readable_or_refused(file)

"""Where an added file is kept: whatever its browser says, below the folder of added files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.indexing.uploads import keep, safe_path
from rag.settings import Settings


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("strike/one/index.html", "strike/one/index.html"),
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("a\\..\\b.txt", "a/b.txt"),
        ("a b/ü (1).txt", "a-b/ü-1-.txt"),
        (".git/config", "git/config"),
        ("", "article.txt"),
        ("..", "article.txt"),
        ("a/\n/b.txt", "a/folder/b.txt"),
        ("/".join("abcdefghijk") + ".txt", "d/e/f/g/h/i/j/k.txt"),
    ],
)
def test_a_path_is_kept_below_the_folder(path: str, kept: str) -> None:
    assert safe_path(path) == kept


@given(st.text(st.characters() | st.sampled_from("/\\.:~\0"), max_size=60))
def test_no_path_leads_out(path: str) -> None:
    kept = safe_path(path)
    assert safe_path(kept) == kept
    parts = kept.split("/")
    assert 1 <= len(parts) <= 8
    for part in parts:
        assert part
        assert part[0] not in ".-"
        assert part.isprintable()


def test_a_link_among_the_added_files_is_not_followed_out(tmp_path: Path) -> None:
    settings, outside = Settings(index=tmp_path / "index"), tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "index" / "uploads").mkdir(parents=True)
    (tmp_path / "index" / "uploads" / "away").symlink_to(outside)
    (tmp_path / "a.txt").write_text("A text.")
    (failed,) = keep([(tmp_path / "a.txt", "away/a.txt")], settings)
    assert failed.file == "away/a.txt"
    assert "outside" in failed.reason
    assert not [*outside.iterdir()]


def test_a_file_where_a_folder_is_costs_itself_alone(tmp_path: Path) -> None:
    settings = Settings(index=tmp_path / "index")
    (tmp_path / "a.txt").write_text("A text.")
    files = [(tmp_path / "a.txt", name) for name in ("one/a.txt", "one", "one/a.txt/b.txt", "two")]
    assert [item.file for item in keep(files, settings)] == ["one", "one/a.txt/b.txt"]
    kept = tmp_path / "index" / "uploads"
    assert (kept / "one" / "a.txt").read_text() == (kept / "two").read_text() == "A text."
    assert (kept / "one").stat().st_mode & 0o077 == 0

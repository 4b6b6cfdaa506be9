"""`byline ask --pack` and `byline verify`, as a person uses them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.articles import read_file
from rag.cli import main
from rag.export.evidence_pack import load, pack, provenance
from rag.export.verifying import folders, verify
from rag.pipeline import add_uploads, answer
from rag.resources import open_resources
from rag.schema import Done
from rag.settings import Settings
from tests.integration.test_folder_to_answer import BAKERY, STORM

SNOW, GOLD = "How much snow closed the Tarn Pass?", "Who won the golden loaf?"
MILL = "The mill in Hask was sold to Edda Winter for 90,000 crowns on Monday, the clerk said."
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of articles, its index, and a pack of three answers."""
    work = tmp_path_factory.mktemp("pack")
    articles = work / "articles"
    articles.mkdir()
    (articles / "storm.txt").write_text(STORM, encoding="utf-8")
    (articles / "bakery.txt").write_text(BAKERY, encoding="utf-8")
    row = {"id": "mill", "title": "Mill sold", "text": MILL}
    (articles / "wire.jsonl").write_text(json.dumps(row), encoding="utf-8")
    index = str(work / "index")
    assert main(["ingest", str(articles), "--index", index]) == 0
    asked = [SNOW, GOLD, "Who bought the mill in Hask?"]
    rows = [json.dumps({"id": n, "question": text}) for n, text in enumerate(asked)]
    (work / "batch.jsonl").write_text("\n".join(rows), encoding="utf-8")
    flags = ["--batch", str(work / "batch.jsonl"), "--json", "--pack", str(work / "pack.json")]
    assert main(["ask", *flags, "--index", index]) == 0
    return work


@pytest.fixture
def work(made: Path, tmp_path: Path) -> Path:
    """A copy of the articles that a test may change, beside the pack."""
    shutil.copytree(made / "articles", tmp_path / "articles")
    shutil.copy(made / "pack.json", tmp_path / "pack.json")
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return call


def cited(file: Path) -> list[dict[str, Any]]:
    return [item for one in load(file)["answers"] for item in one["citations"]]


def test_a_fresh_pack_stands(made: Path, run: Run) -> None:
    code, out, _ = run("verify", made / "pack.json", "--articles", made / "articles")
    lines = out.splitlines()
    assert code == 0
    assert len(lines) == len(cited(made / "pack.json"))
    assert all(line.endswith(": stands") for line in lines)
    assert {"storm.txt", "bakery.txt", "wire.jsonl#mill"} <= {
        line.split()[3][:-1] for line in lines
    }


def test_the_pack_says_what_the_answers_rest_on(made: Path) -> None:
    got = load(made / "pack.json")
    assert [one["question"] for one in got["answers"]][:2] == [SNOW, GOLD]
    text = (made / "pack.json").read_text(encoding="utf-8")
    assert str(made) not in text
    assert str(Path.home()) not in text
    assert len(got["models"]["embedding"]["sha256"]) == 64
    assert len(got["models"]["reranker"]["sha256"]) == 64
    assert {"auth", "cache", "index"}.isdisjoint(got["settings"])
    for item in cited(made / "pack.json"):
        assert len(item["source"]["sha256"]) == 64
        assert item["source"]["file"] == item["file"].partition("#")[0]


def test_a_copy_of_the_articles_will_do(work: Path, run: Run) -> None:
    code, out, _ = run("verify", work / "pack.json", "--articles", work / "articles")
    assert (code, "stands" in out) == (0, True)


def test_the_folder_of_an_index_will_do(made: Path, run: Run) -> None:
    code, _, _ = run("verify", made / "pack.json", "--index", made / "index")
    assert code == 0


def test_a_changed_article_is_told(work: Path, run: Run) -> None:
    storm = work / "articles" / "storm.txt"
    storm.write_text(STORM.replace("42 centimetres", "12 centimetres"), encoding="utf-8")
    code, out, _ = run("verify", work / "pack.json", "--articles", work / "articles")
    assert code == 1
    assert "storm.txt: changed (these words are no longer in the article)" in out
    assert "bakery.txt: stands" in out


def test_words_that_moved_are_told(work: Path, run: Run) -> None:
    storm = work / "articles" / "storm.txt"
    before = "The Tarn Pass is the only road"
    added = STORM.replace("The Tarn Pass was", f"{before} to Lindow.\n\nThe Tarn Pass was")
    storm.write_text(added, encoding="utf-8")
    code, out, _ = run("verify", work / "pack.json", "--articles", work / "articles")
    assert code == 1
    assert "storm.txt: moved (the words now stand at characters" in out


def test_a_file_that_went_is_told(work: Path, run: Run) -> None:
    (work / "articles" / "wire.jsonl").unlink()
    code, out, _ = run("verify", work / "pack.json", "--articles", work / "articles")
    assert code == 1
    assert "wire.jsonl#mill: gone (there is no such file" in out


def test_a_pack_that_was_edited_is_told(work: Path, run: Run) -> None:
    text = (work / "pack.json").read_text(encoding="utf-8")
    (work / "pack.json").write_text(text.replace("42 centimetres", "99 metres"), encoding="utf-8")
    code, out, _ = run("verify", work / "pack.json", "--articles", work / "articles")
    assert code == 1
    assert out.startswith("altered: the pack was changed after it was made")
    assert "storm.txt: altered" in out


def test_the_index_of_the_place_where_it_is_run_will_do(
    made: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = run("verify", made / "pack.json")
    assert (code, "--articles FOLDER" in err) == (2, True)
    monkeypatch.setenv("BYLINE_INDEX", str(made / "index"))
    assert run("verify", made / "pack.json")[0] == 0


@pytest.mark.parametrize("suffix", [".md", ".html", ".docx"])
def test_an_answer_can_be_kept_to_read(made: Path, tmp_path: Path, run: Run, suffix: str) -> None:
    file = tmp_path / f"snow{suffix}"
    code, out, _ = run("ask", SNOW, "--export", file, "--index", made / "index")
    if suffix == ".docx":
        (read,) = read_file(file, file.name).articles
        printed = read.text
    else:
        printed = file.read_text(encoding="utf-8")
    assert (code, "[1]" in out) == (0, True)
    for words in (SNOW, "42 centimetres of snow", "storm.txt", "Ada Fenwick"):
        assert words in printed


def test_an_answer_that_is_none_can_be_kept(made: Path, tmp_path: Path, run: Run) -> None:
    file = tmp_path / "none.json"
    flags = ["--json", "--pack", file, "--index", made / "index"]
    assert run("ask", "When does the opera in Vienna open?", *flags)[0] == 0
    assert load(file)["answers"][0]["status"] == "not_in_articles"
    checked = run("verify", file, "--articles", made / "articles")
    assert checked[:2] == (0, "The pack cites nothing.\n")


def test_another_suffix_is_refused_before_the_question_is_asked(made: Path, run: Run) -> None:
    code, out, err = run("ask", SNOW, "--pack", "pack.docx", "--index", made / "index")
    assert (code, out) == (2, "")
    assert "end it in .json; to read or pass on: --export FILE" in err
    code, out, err = run("ask", SNOW, "--export", "answer.pdf", "--index", made / "index")
    assert (code, out) == (2, "")
    assert "end it in .md, .html or .docx" in err


def test_what_cannot_be_verified_is_refused(made: Path, tmp_path: Path, run: Run) -> None:
    pack_file = made / "pack.json"
    for arguments, words in (
        ((made / "batch.jsonl",), "is no evidence pack"),
        ((tmp_path / "nowhere.json",), "cannot be read"),
        ((pack_file, "--articles", tmp_path / "nowhere"), "is not a folder"),
        ((pack_file, "--articles", tmp_path, "--index", tmp_path), "not both"),
        ((pack_file, "--index", tmp_path / "nowhere"), "There is no index"),
    ):
        code, _, err = run("verify", *arguments)
        assert (code, words in err) == (2, True), err


def test_a_file_added_on_the_page_stands_too(tmp_path: Path) -> None:
    upload = tmp_path / "upload.tmp"
    upload.write_text(MILL, encoding="utf-8")
    with open_resources(Settings(index=tmp_path / "index"), create=True) as opened:
        assert add_uploads(opened, [(upload, "mill.txt")]).added == 1
        events = list(answer("Who bought the mill in Hask?", opened))
        assert isinstance(events[-1], Done)
        got = [events[-1].answer]
        made = pack(got, provenance(opened, got), "https://news.example")
    (verdict,) = verify(made, *folders(made, index=tmp_path / "index"))
    assert (verdict.file, verdict.finding) == ("uploads:mill.txt", "stands")

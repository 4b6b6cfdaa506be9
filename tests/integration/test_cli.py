"""The command line as programs and people see it."""

import json
from pathlib import Path

import pytest

from rag.cli import main, parser
from tests.integration.test_folder_to_answer import BAKERY, STORM
from tests.llm_server import llm_server


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("cli")
    (work / "articles").mkdir()
    (work / "articles" / "storm.txt").write_text(STORM, encoding="utf-8")
    (work / "articles" / "bakery.txt").write_text(BAKERY, encoding="utf-8")
    (work / "articles" / "photo.jpg").write_bytes(b"\xff\xd8")
    assert main(["ingest", str(work / "articles"), "--index", str(work / "index")]) == 0
    return work


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def test_ask_json_is_the_contract(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = "How much snow closed the Tarn Pass?"
    code, out, _ = run(capsys, "ask", question, "--json", "--index", str(work / "index"))
    got = json.loads(out)
    assert code == 0
    assert list(got) == [
        "question", "standalone_question", "status", "answer", "sentences", "citations", "hits",
        "dropped_markers", "model", "seconds", "searched", "chance", "disagreements", "notes",
    ]  # fmt: skip
    assert got["searched"] == {
        "articles": 2, "of": 2, "filters": "", "trouble": "",
        "since": "2021-05-03", "until": "2021-06-09",
    }  # fmt: skip
    assert (got["question"], got["status"], got["model"]) == (question, "answered", "extractive")
    assert list(got["sentences"][0]) == ["text", "citations", "support", "reasons", "judged_by"]
    assert got["sentences"][0]["judged_by"] == "rules"
    assert list(got["citations"][0]) == [
        "number", "file", "title", "author", "outlet", "published", "kind", "speaker", "page",
        "start", "end", "quote", "warning", "time", "box", "article_notes",
        "article", "url",
    ]  # fmt: skip
    assert got["citations"][0]["published"] == "2021-05-03"
    hit, *_ = got["hits"]
    names = ["file", "start", "end", "text", "score", "warning", "article", "url"]
    assert list(hit) == names
    words = f"?start={hit['start']}&end={hit['end']}"
    assert hit["url"] == f"http://127.0.0.1:7860/a/{hit['article']}{words}"
    assert set(got["seconds"]) == {"search", "rerank", "answer", "total"}


def test_search_json_is_the_contract(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(
        capsys, "search", "rye bread", "--json", "--k", "1", "--index", str(work / "index")
    )
    got = json.loads(out)
    assert list(got) == ["question", "hits", "seconds", "searched"]
    assert len(got["hits"]) == 1
    assert list(got["hits"][0]) == [
        "file", "start", "end", "text", "score", "warning", "article", "url", "dense_rank",
        "lexical_rank", "fused_rank", "rerank_score",
    ]  # fmt: skip
    assert got["hits"][0]["file"] == "bakery.txt"


def test_search_explains_what_became_of_each_passage(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = ["--index", str(work / "index")]
    code, out, _ = run(capsys, "search", "rye bread", "--explain", "--json", *index)
    rows = json.loads(out)["passages"]
    assert code == 0
    assert [row["fate"] for row in rows] == [f"hit {n}" for n in range(1, len(rows) + 1)]
    assert {row["file"] for row in rows} == {"storm.txt", "bakery.txt"}
    _, out, _ = run(capsys, "search", "rye bread", "--explain", "storm.txt", *index)
    assert "storm.txt" in out
    assert "bakery.txt" not in out
    _, out, _ = run(capsys, "search", "rye bread", "--explain", "--author", "Fenwick", *index)
    assert "filtered: not author Fenwick" in out
    code, _, err = run(capsys, "search", "rye bread", "--explain", "gone.txt", *index)
    assert code == 2
    assert "the index has no such file" in err


def test_ingest_json_is_the_contract(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(
        capsys, "ingest", str(work / "articles"), "--json", "--index", str(work / "index")
    )
    got = json.loads(out)
    assert list(got) == [
        "files", "added", "changed", "removed", "unchanged", "failed", "articles", "passages",
        "seconds", "partly",
    ]  # fmt: skip
    assert (got["unchanged"], got["articles"]) == (2, 2)
    assert [item["file"] for item in got["failed"]] == ["photo.jpg"]


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_batch_gives_an_object_a_line(
    work: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    batch = work / "batch.jsonl"
    batch.write_text(
        '{"id": "a", "question": "Who won the golden loaf?"}\n\n'
        '{"id": "b", "question": "Who is the queen of Denmark?"}\n'
    )
    code, out, _ = run(
        capsys, command, "--batch", str(batch), "--json", "--index", str(work / "index")
    )
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, [row["id"] for row in rows]) == (0, ["a", "b"])
    assert all(row["hits"] for row in rows)


def test_a_line_of_a_batch_follows_up_on_earlier_ones(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    batch, index = work / "batch.jsonl", str(work / "index")
    lines = [
        {"id": "a", "question": "Who is Signe Dahl?"},
        {"id": "b", "question": "What did she win?", "history": ["a"]},
    ]
    batch.write_text("\n".join(map(json.dumps, lines)))
    _, out, _ = run(capsys, "ask", "--batch", str(batch), "--json", "--index", index)
    rows = [json.loads(line) for line in out.splitlines()]
    assert rows[1]["question"] == "What did she win?"
    assert rows[1]["standalone_question"] == "What did Signe Dahl win?"
    typed = ("--as-typed", "--json", "--index", index)
    _, out, _ = run(capsys, "ask", "--batch", str(batch), *typed)
    assert json.loads(out.splitlines()[1])["standalone_question"] == "What did she win?"
    batch.write_text('{"id": "b", "question": "What did she win?", "history": ["z"]}')
    code, _, err = run(capsys, "ask", "--batch", str(batch), "--json", "--index", index)
    assert code != 0
    assert "line 1: history names 'z', which no earlier line has" in err


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_batch_takes_what_eval_takes(
    work: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str
) -> None:
    index = str(work / "index")
    rows: list[dict[str, object]] = [
        {"id": "a", "question": "Who is Signe Dahl?", "must_contain": ["baker"], "type": "fact"},
        {"id": 7, "question": LOAF, "filters": {"files": ["storm.txt"]}, "sources": ["x"]},
        {"id": "c", "question": "What did she win?", "follows": "a"},
    ]
    table = (
        "id,question,follows,filters,must_abstain\n"
        f"a,Who is Signe Dahl?,,,\n7,{LOAF},,files=storm.txt,yes\n"
        "c,What did she win?,a,,\n"
    )
    files = {"q.jsonl": "\n".join(map(json.dumps, rows)), "q.yaml": json.dumps(rows, indent=0)}
    for name, text in {**files, "q.csv": table}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        code, out, _ = run(capsys, command, "--batch", str(tmp_path / name), "--index", index)
        got = [json.loads(line) for line in out.splitlines()]
        assert (code, [str(item["id"]) for item in got]) == (0, ["a", "7", "c"]), name
        assert [item["searched"]["articles"] for item in got] == [2, 1, 2], name
        if command == "ask":
            assert got[2]["standalone_question"] == "What did Signe Dahl win?", name


def test_a_slip_is_mended_and_said_unless_the_words_are_wanted_as_typed(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = str(work / "index")
    _, out, _ = run(capsys, "ask", "Who won the goldne loaf?", "--index", index)
    assert "Searched “golden” for “goldne”." in out
    _, out, _ = run(capsys, "ask", "Who won the goldne loaf?", "--as-typed", "--index", index)
    assert "Searched “" not in out


def test_ask_aloud_prints_sources(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "ask", "Who won the golden loaf?", "--index", str(work / "index"))
    assert code == 0
    assert "Lindow" in out
    assert "[1] Bakery prize goes to Lindow (bakery.txt)" in out


def test_ask_aloud_declines_with_the_nearest_passages(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, "ask", "Who is the queen of Denmark?", "--index", str(work / "index"))
    assert "do not answer" in out
    assert "Nearest words found:" in out


def test_a_failing_model_is_told_and_the_articles_own_words_stand_in(
    work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with llm_server() as server:
        monkeypatch.setenv("BYLINE_LLM_BASE_URL", server.url)
        code, out, err = run(
            capsys, "ask", "Who won the golden loaf?", "--llm", "openai:locked",
            "--index", str(work / "index"),
        )  # fmt: skip
    assert (code, err) == (0, "")
    assert "(openai:locked refused the key" in out
    assert out.count("These are the articles' own sentences instead.") == 1
    assert "(bakery.txt)" in out


LOAF, SNOW = "Who won the golden loaf?", "How much snow closed the Tarn Pass?"


@pytest.mark.parametrize(
    ("flags", "files"),
    [
        (["--file", "bakery.txt"], {"bakery.txt"}),
        (["--file", "s*"], {"storm.txt"}),
        (["--file", "s*", "--file", "bakery.txt"], {"storm.txt", "bakery.txt"}),
        (["--author", "FENWICK"], {"storm.txt"}),
        (["--author", "fenwick", "--author", "Karl Moss"], {"storm.txt", "bakery.txt"}),
        (["--until", "May 2021"], {"storm.txt"}),
        (["--since", "2021-05-03", "--until", "May 2021"], {"storm.txt"}),
        (["--as-of", "3 May 2021"], {"storm.txt"}),
        (["--opinion", "no"], {"storm.txt", "bakery.txt"}),
        (["--kind", "body"], {"storm.txt", "bakery.txt"}),
    ],
)
def test_search_looks_at_what_passes_alone(
    work: Path, capsys: pytest.CaptureFixture[str], flags: list[str], files: set[str]
) -> None:
    code, out, _ = run(capsys, "search", SNOW, *flags, "--json", "--index", str(work / "index"))
    got = json.loads(out)
    assert code == 0
    assert {hit["file"] for hit in got["hits"]} == files
    assert (got["searched"]["articles"], got["searched"]["of"]) == (len(files), 2)
    assert got["searched"]["filters"]


def test_a_filtered_answer_says_what_it_is_from(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = ["--index", str(work / "index")]
    _, out, _ = run(capsys, "ask", SNOW, "--as-of", "May 2021", *index)
    assert "Answered from 1 of 2 articles: published until 31 May 2021." in out
    _, again, _ = run(capsys, "ask", f"As of May 2021, {SNOW}", *index, "--json")
    got = json.loads(again)
    assert got["status"] == "answered"
    assert got["standalone_question"] == SNOW
    assert got["searched"]["filters"] == "published until 31 May 2021"


def test_a_refusal_says_what_was_searched(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "ask", LOAF, "--until", "2021-06-08", "--index", str(work / "index"))
    assert code == 0
    assert "Searched 1 of 2 articles: published until 8 June 2021." in out
    assert "bakery.txt" not in out


@pytest.mark.parametrize("command", ["ask", "search"])
def test_filters_that_leave_nothing_say_so(
    work: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    flags = ["--author", "Fenwik", "--since", "2022", "--index", str(work / "index")]
    words = "No article passes the filters: published from 1 January 2022, author Fenwik. "
    code, out, _ = run(capsys, command, SNOW, *flags)
    assert code == 0
    assert out.startswith(words)
    assert "The articles run from 3 May 2021 to 9 June 2021." in out
    assert "There is no author “Fenwik”; did you mean Ada Fenwick?" in out
    code, out, _ = run(capsys, command, SNOW, *flags, "--json")
    got = json.loads(out)
    assert (code, got["hits"], got["searched"]["articles"]) == (0, [], 0)
    assert got["searched"]["trouble"].startswith(words)
    if command == "ask":
        assert (got["status"], got["answer"]) == ("not_in_articles", got["searched"]["trouble"])


def test_eval_and_batches_take_filters(
    work: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    questions = tmp_path / "q.jsonl"
    questions.write_text(
        f'{{"id": "1", "question": "{LOAF}", "must_contain": ["lindow"], '
        '"sources": ["bakery.txt"]}\n'
    )
    flags = ["--file", "storm.txt", "--index", str(work / "index")]
    _, out, _ = run(capsys, "eval", str(questions), *flags)
    assert "answered right 0 of 1" in out
    batch = tmp_path / "b.jsonl"
    batch.write_text(f'{{"id": "a", "question": "{LOAF}"}}\n')
    _, out, _ = run(capsys, "ask", "--batch", str(batch), *flags)
    assert json.loads(out)["searched"]["articles"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask", "Why?", "--since", "31/13/2015"], "--since 31/13/2015 is no date. Write 2015, "),
        (["search", "Why?", "--since", "2016", "--until", "2015"], "is after --until 2015"),
        (["ask", "Why?", "--kind", "photo"], "--kind photo: write body or comment or caption."),
        (["ask", "Why?", "--opinion", "maybe"], "--opinion maybe: write yes or no."),
        (["ask", "Why?", "--index", "nowhere"], "byline ingest"),
        (["ask"], "--batch"),
        (["ask", "--batch", "nowhere.jsonl"], "nowhere.jsonl cannot be read"),
        (["ask", "Why?", "--llm", "gpt"], "provider:model"),
        (["ingest", "nowhere"], "not a folder"),
        (["eval", "nowhere.jsonl"], "nowhere.jsonl cannot be read"),
    ],
)
def test_user_errors_are_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    if "--index" in arguments or "Why?" in arguments or "--batch" in arguments:
        (tmp_path / "empty").mkdir()
        if "nowhere.jsonl" in arguments:
            assert main(["ingest", "empty"]) == 0
    code, _, err = run(capsys, *arguments)
    assert code == 2
    assert err.startswith("byline: ")
    assert words in err
    assert err.count("\n") == 1


def test_eval_prints_a_table_and_holds_the_floor(
    work: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    questions = tmp_path / "q.jsonl"
    questions.write_text(
        '{"id": "1", "question": "Who won the golden loaf?", "type": "fact", '
        '"must_contain": [["lindow"]], "sources": ["bakery.txt"]}\n'
        '{"id": "2", "question": "How much snow fell?", "type": "fact", '
        '"must_contain": [["77"]], "sources": ["storm.txt"]}\n'
        '{"id": "3", "question": "Who is the queen of Denmark?", "must_abstain": true}\n'
    )
    index = ["--index", str(work / "index")]
    code, out, _ = run(
        capsys, "eval", str(questions), *index, "--floor", "0.6", "--out", str(tmp_path / "o")
    )
    assert code == 0
    assert "answered right 1 of 2, declined right 1 of 1, failed 0" in out
    assert "  2  How much snow fell?" in out
    report = json.loads((tmp_path / "o" / "report.json").read_text())
    assert report["summary"]["figures"]["right"]["value"] == pytest.approx(2 / 3, abs=1e-3)
    code, _, err = run(capsys, "eval", str(questions), *index, "--floor", "0.9")
    assert code == 1
    assert "0.67" in err


def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    commands = ["ingest", "watch", "ask", "search", "eval", "serve"]
    for command in commands:
        with pytest.raises(SystemExit) as left:
            parser().parse_args([command, "--help"])
        out = capsys.readouterr().out
        assert left.value.code == 0
        assert f"examples:\n  byline {command} " in out

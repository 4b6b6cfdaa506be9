"""`byline eval` over a real index: counted, continued, compared, gated, swept, judged."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rag.cli import main
from rag.errors import ModelError
from rag.evaluation.fixed_questions import Question
from rag.evaluation.judging import judge_with
from rag.evaluation.outcomes import Outcome
from rag.evaluation.report import as_json, report
from rag.evaluation.resuming import FILE
from rag.evaluation.running import Way, made_with, run
from rag.models.llm import open_model
from rag.pipeline import ingest
from rag.resources import Resources, open_resources
from rag.schema import Filters
from rag.settings import Settings
from tests.integration.test_folder_to_answer import BAKERY, STORM
from tests.llm_server import LLMServer, llm_server

QUESTIONS = [
    Question("1", "Who won the golden loaf?", "fact", must_contain=(("Lindow",),),
             sources=("bakery.txt",), evidence=("won the golden loaf for its rye bread",)),
    Question("2", "How many people were on the jury?", "fact", must_contain=(("seven",),),
             sources=("bakery.txt",)),
    Question("3", "How much snow closed the Tarn Pass?", "fact",
             must_contain=(("42 centimetres",),), sources=("storm.txt",)),
    Question("4", "And when was it closed?", "follow_up",
             must_contain=(("noon",),), sources=("storm.txt",), follows="3"),
    Question("5", "Who is the queen of Denmark?", "unanswerable", must_abstain=True),
    Question("6", "How much snow fell on the pass?", "fact", must_contain=(("77",),),
             sources=("storm.txt",), filters=Filters(files=("storm.txt",))),
    Question("7", "What did Ilse Brandt say?", "who_said", must_contain=(("tonight",),),
             sources=("storm.txt",), speaker=("Ilse Brandt",)),
]  # fmt: skip
RIGHT = {"1", "3", "4", "5", "7"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluating") / "articles"
    folder.mkdir()
    (folder / "storm.txt").write_text(STORM, encoding="utf-8")
    (folder / "bakery.txt").write_text(BAKERY, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def resources(folder: Path) -> Iterator[Resources]:
    with open_resources(Settings(index=folder.parent / "index"), create=True) as opened:
        ingest(folder, opened)
        yield opened


@pytest.fixture
def server() -> Iterator[LLMServer]:
    with llm_server() as running:
        yield running


def file_of(folder: Path, questions: list[Question] = QUESTIONS) -> Path:
    """The questions as a file."""
    rows = []
    for item in questions:
        row = {
            "id": item.id, "question": item.question, "type": item.type,
            "must_contain": [list(group) for group in item.must_contain],
            "sources": list(item.sources), "evidence": list(item.evidence),
            "must_abstain": item.must_abstain, "follows": item.follows,
        }  # fmt: skip
        rows.append({key: value for key, value in row.items() if value})
    file = folder / "questions.jsonl"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return file


def without_times(outcomes: list[Outcome], resources: Resources) -> str:
    whole = report(outcomes, made_with(resources))
    return as_json({key: value for key, value in whole.items() if key != "times"})


def test_what_is_right_and_what_is_measured(resources: Resources) -> None:
    outcomes = run(QUESTIONS, resources)
    by_id = {item.asked.id: item for item in outcomes}
    assert {id_ for id_, item in by_id.items() if item.right} >= RIGHT
    assert not by_id["6"].right
    assert "Tarn Pass" in by_id["4"].got.asked
    assert by_id["7"].got.citations[0].speaker == "Ilse Brandt"
    assert by_id["6"].got.files == ("storm.txt",)
    first = by_id["1"].got
    assert first.evidence_ranks == (1,)
    assert first.citations[0].evidence
    assert first.sentences[0].precise == (1,)
    assert all(item.exact for each in outcomes for item in each.got.citations)
    assert set(by_id["1"].seconds) == {"search", "rerank", "answer", "total"}


def test_what_byline_says_of_itself_needs_no_citation(resources: Resources) -> None:
    (talk,) = run([Question("t", "Hello", "talk", must_contain=(("2 articles",),))], resources)
    assert talk.right
    assert talk.got.citations == ()
    assert not any(sentence.needs_citation for sentence in talk.got.sentences)


def test_two_runs_and_any_number_of_jobs_give_the_same_bytes(resources: Resources) -> None:
    once = without_times(run(QUESTIONS, resources), resources)
    assert without_times(run(QUESTIONS, resources), resources) == once
    assert without_times(run(QUESTIONS, resources, Way(jobs=3)), resources) == once


def test_a_run_that_was_cut_off_goes_on(
    resources: Resources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def progress(done: int, total: int, outcome: Outcome) -> None:
        asked.append(outcome.asked.id)
        if len(asked) == 3:
            raise KeyboardInterrupt

    way = Way(keep=tmp_path)
    with pytest.raises(KeyboardInterrupt):
        run(QUESTIONS, resources, way, progress)
    assert asked == ["1", "2", "3"]
    again = run(
        QUESTIONS, resources, way, lambda done, total, o: asked.append(f"{done} {o.asked.id}")
    )
    assert asked[3:] == ["4 4", "5 5", "6 6", "7 7"]
    assert without_times(again, resources) == without_times(run(QUESTIONS, resources), resources)
    changed = [replace(QUESTIONS[0], must_contain=(("loaf",),)), *QUESTIONS[1:]]
    asked.clear()
    run(changed, resources, way, lambda done, total, o: asked.append(o.asked.id))
    assert len(asked) == 7


def test_an_error_counts_as_failed_and_the_others_go_on(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag.evaluation import running

    real = running.answer

    def answer(question: str, *args: object, **more: object) -> object:
        if "jury" in question:
            raise KeyError("a bug")
        return real(question, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "answer", answer)
    outcomes = run(QUESTIONS, resources)
    assert [item.asked.id for item in outcomes] == ["1", "2", "3", "4", "5", "6", "7"]
    assert outcomes[1].got.error is not None
    assert "KeyError: 'a bug' (test_evaluating.py, line" in outcomes[1].got.error
    whole = report(outcomes, {})
    assert whole["summary"]["failed"] == 1
    assert whole["summary"]["figures"]["hit@1"]["n"] == 6  # it is among those that have a source
    assert whole["reasons"]["failed"] == 1


def test_weights_that_are_missing_end_the_run(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag.evaluation import running

    def answer(*_: object, **__: object) -> object:
        raise ModelError("no weights")

    monkeypatch.setattr(running, "answer", answer)
    with pytest.raises(ModelError):
        run(QUESTIONS, resources)


def test_a_language_model_that_fails_counts_as_failed(
    resources: Resources, server: LLMServer
) -> None:
    settings = replace(resources.settings, llm="openai:cut", llm_base_url=server.url)
    outcomes = run(QUESTIONS[:1], replace(resources, model=open_model(settings)))
    assert "stopped in the middle of its answer" in (outcomes[0].got.error or "")
    assert not outcomes[0].right


def test_a_language_model_is_measured_like_the_rest(
    resources: Resources, server: LLMServer
) -> None:
    settings = replace(resources.settings, llm="openai:honest", llm_base_url=server.url)
    (outcome,) = run(QUESTIONS[:1], replace(resources, model=open_model(settings)), Way(jobs=2))
    assert (outcome.got.model, outcome.got.error) == ("openai:honest", None)
    figures = report([outcome], {})["summary"]["figures"]
    assert figures["citation_recall"]["value"] == 1.0
    assert figures["citation_precision"]["n"] == 1


def test_a_judge_is_asked_and_changes_no_verdict(resources: Resources, server: LLMServer) -> None:
    server.reply = ["wrong: I do ", "not like it"]
    settings = replace(resources.settings, llm="openai:good", llm_base_url=server.url)
    model = open_model(settings)
    assert model is not None
    (outcome,) = run(QUESTIONS[:1], resources, Way(judge=judge_with(model), judged_by=model.name))
    assert (outcome.got.judge, outcome.got.judge_reason) == ("wrong", "I do not like it")
    assert outcome.right
    shown = server.requests[0]["messages"][1]["content"]
    assert "It has: Lindow." in shown
    assert "golden loaf" in shown


# --- the command


def run_command(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main([str(item) for item in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_command_writes_compares_and_gates(
    resources: Resources, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index, out = resources.settings.index, tmp_path / "report"
    file = file_of(tmp_path)
    code, said, _ = run_command(
        capsys, "eval", file, "--index", index, "--out", out, "--scores", tmp_path / "scores.json"
    )
    assert code == 0
    assert "declined right 1 of 1, failed 0" in said
    assert {item.name for item in out.iterdir()} == {"report.json", "report.html", "scores.json"}
    assert (tmp_path / "scores.json").read_text() == (out / "scores.json").read_text()
    for item in out.iterdir():  # a report can be passed on
        assert str(index.parent) not in item.read_text(encoding="utf-8")
        assert str(Path.home()) not in item.read_text(encoding="utf-8")
    assert not (out / FILE).exists()

    gate = tmp_path / "gate.toml"
    gate.write_text('baseline = "scores.json"\n[floors]\noffsets_exact = 1\n[drops]\nright = 0\n')
    code, said, err = run_command(capsys, "eval", file, "--index", index, "--gate", gate)
    assert (code, err) == (0, "")
    assert "compared: 0 better, 0 worse, 0 wrong for another reason" in said

    harder = [replace(QUESTIONS[0], must_contain=(("Paris",),)), *QUESTIONS[1:]]
    code, said, err = run_command(
        capsys, "eval", file_of(tmp_path, harder), "--index", index, "--gate", gate, "--out", out
    )
    assert code == 1
    assert "- 1  Who won the golden loaf?  (right → " in said
    assert err.startswith("byline: right went from ")
    assert "The gate is shut" in (out / "report.html").read_text()


def test_a_report_names_no_folder_of_this_machine(resources: Resources, tmp_path: Path) -> None:
    elsewhere = {"reranker": str(tmp_path / "reranker"), "users": str(tmp_path / "users.txt")}
    own = replace(resources, settings=replace(resources.settings, **elsewhere))
    made = made_with(own)
    assert made["settings"]["reranker"] == "reranker"
    assert str(tmp_path) not in json.dumps(made)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["FILE", "--floor", "1.0"], ""),
        (["FILE", "--gate", "nowhere.toml"], "nowhere.toml cannot be read"),
        (["FILE", "--compare", "nowhere.json"], "nowhere.json cannot be read"),
        (["FILE", "--price", "cheap"], "--price cheap: write two numbers"),
        (["FILE", "--jobs", "-1"], "--jobs -1: at least 1"),
        (["FILE", "FILE"], "takes one file, init, or sweep and one file"),
        (["sweep", "FILE", "--set", "passage_words=50,90"], "sweep it with --articles"),
        (["sweep", "FILE"], "--set setting=value,value at least once"),
        (["init", "--out", "FILE"], "is there already"),
        (["FILE", "--articles", "nowhere"], "nowhere is not a folder"),
    ],
)
def test_a_users_mistake_is_one_line(
    resources: Resources,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    file = file_of(tmp_path)
    given = [str(file) if item == "FILE" else item for item in arguments]
    code, _, err = run_command(capsys, "eval", *given, "--index", resources.settings.index)
    assert code == (2 if words else 1)
    assert words in err
    assert err.count("\n") == 1


def test_init_drafts_what_can_be_asked_at_once(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "drafted.jsonl"
    code, said, _ = run_command(
        capsys, "eval", "init", "--articles", folder, "--out", file, "--count", 6
    )
    assert code == 0
    assert "6 candidate questions" in said
    code, said, _ = run_command(capsys, "eval", file, "--articles", folder, "--json")
    whole = json.loads(said)
    assert code == 0
    assert whole["summary"]["questions"] == 6
    assert whole["summary"]["figures"]["hit@5"]["value"] == 1.0


def test_a_sweep_asks_every_combination(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = file_of(tmp_path)
    code, said, _ = run_command(
        capsys, "eval", "sweep", file, "--articles", folder, "--out", tmp_path / "swept",
        "--set", "threshold=0,1", "--set", "passage_words=40,110",
    )  # fmt: skip
    assert code == 0
    lines = said.splitlines()
    assert lines[0].split()[:3] == ["threshold", "passage_words", "right"]
    assert len(lines) == 5
    found = json.loads((tmp_path / "swept" / "sweep.json").read_text())
    declined = [item["summary"]["figures"]["abstention_recall"]["value"] for item in found]
    assert declined == [0.0, 0.0, 1.0, 1.0]

"""From a folder of files to a cited answer, on a real Chroma with the bundled models."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import IndexMismatch, IndexMissing, SettingsError
from rag.models.prompts import REFUSAL
from rag.pipeline import add_uploads, answer, ingest
from rag.resources import Resources, open_resources
from rag.retrieval.finding import find
from rag.schema import Answer, Checked, Done, Restarted, Searched, Token, Turn
from rag.settings import Settings
from tests.llm_server import LLMServer, llm_server

STORM = """Storm closes Tarn Pass

By Ada Fenwick
3 May 2021

The Tarn Pass was closed at noon on Sunday after 42 centimetres of snow fell in six hours.
Roads chief Ilse Brandt said “nobody should drive up tonight”.

Two lorries had to be pulled out of the ditch near the Old Mill.
"""
BAKERY = """Bakery prize goes to Lindow

By Karl Moss
9 June 2021

The bakery of Jonas Lindow won the golden loaf for its rye bread on Friday.
The jury of seven praised the crust.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "storm.txt").write_text(STORM, encoding="utf-8")
    (folder / "bakery.txt").write_text(BAKERY, encoding="utf-8")
    return folder


@pytest.fixture
def resources(tmp_path: Path) -> Iterator[Resources]:
    with open_resources(Settings(index=tmp_path / "index"), create=True) as opened:
        yield opened


def ask(question: str, resources: Resources, *history: Turn) -> Answer:
    events = list(answer(question, resources, history=history))
    assert isinstance(events[0], Searched)
    assert isinstance(events[-1], Done)
    got = events[-1].answer
    last = max((n for n, event in enumerate(events) if isinstance(event, Restarted)), default=0)
    shown = events[last:]  # what came before was withdrawn
    assert "".join(e.text for e in shown if isinstance(e, Token)).strip() == got.text
    assert [e.sentence for e in shown if isinstance(e, Checked)] == list(got.sentences)
    return got


def test_an_answer_cites_the_exact_words(folder: Path, resources: Resources) -> None:
    ingest(folder, resources)
    got = ask("How much snow closed the Tarn Pass?", resources)
    assert got.status == "answered"
    first = got.citations[0]
    assert first.article.path == "storm.txt"
    assert first.article.author == "Ada Fenwick"
    assert "42 centimetres" in first.quote
    assert first.quote == first.article.text[first.quote_start : first.quote_end]
    assert "[1]" in got.text
    assert [s.support for s in got.sentences] == ["supported"] * len(got.sentences)


def test_who_said_it_is_named(folder: Path, resources: Resources) -> None:
    ingest(folder, resources)
    got = ask("What did the roads chief say about driving?", resources)
    assert got.citations[0].speaker == "Ilse Brandt"


@pytest.mark.parametrize(
    "question", ["Who won the football cup final?", "What did Angela Merkel say about the snow?"]
)
def test_what_the_articles_do_not_say_is_declined(
    folder: Path, resources: Resources, question: str
) -> None:
    ingest(folder, resources)
    got = ask(question, resources)
    assert got.status == "not_in_articles"
    assert got.text.startswith(REFUSAL)
    assert got.citations == ()
    assert got.hits  # the nearest passages are still there to look at


def test_a_follow_up_is_understood(folder: Path, resources: Resources) -> None:
    ingest(folder, resources)
    turn = Turn("What did Jonas Lindow win?", "The golden loaf.")
    got = ask("and what did he win it for?", resources, turn)
    assert got.standalone_question == "What did Jonas Lindow win the golden loaf for?"
    assert got.citations[0].article.path == "bakery.txt"


def test_only_what_changed_is_read_again(
    folder: Path, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ingest(folder, resources)
    assert (first.added, first.unchanged, first.articles) == (2, 0, 2)
    read: list[str] = []
    import rag.indexing.readers

    real = rag.indexing.readers.read_file
    monkeypatch.setattr(
        rag.indexing.readers,
        "read_file",
        lambda file, path: (read.append(path), real(file, path))[1],
    )
    (folder / "bakery.txt").touch()  # a new time, the same bytes
    (folder / "storm.txt").write_text(STORM.replace("42", "55"), encoding="utf-8")
    second = ingest(folder, resources)
    assert (second.added, second.changed, second.unchanged, second.removed) == (0, 1, 1, 0)
    assert read == ["storm.txt"]
    assert "55 centimetres" in ask("How much snow fell on Tarn Pass?", resources).text
    (folder / "storm.txt").unlink()
    third = ingest(folder, resources)
    assert (third.removed, third.articles) == (1, 1)
    paths = {hit.article.path for hit in find("snow on Tarn Pass", resources).hits}
    assert paths == {"bakery.txt"}


def test_a_moved_file_keeps_its_passages(folder: Path, resources: Resources) -> None:
    ingest(folder, resources)
    (folder / "old").mkdir()
    (folder / "storm.txt").rename(folder / "old" / "storm.txt")
    report = ingest(folder, resources)
    assert (report.added, report.removed, report.articles) == (1, 1, 2)
    assert report.seconds["embed"] < 0.1 * max(report.seconds["total"], 1)  # nothing to embed
    assert find("snow on Tarn Pass", resources).hits[0].article.path == "old/storm.txt"


def test_a_bad_file_costs_that_file_alone(folder: Path, resources: Resources) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing more")
    (folder / "empty.txt").write_text("")
    report = ingest(folder, resources)
    assert {item.file for item in report.failed} == {"broken.pdf", "empty.txt"}
    assert all(item.reason for item in report.failed)
    assert report.articles == 2
    # A stored file that turns bad keeps what was stored.
    (folder / "storm.txt").write_bytes(b"\x00\x01\x02" * 50)
    report = ingest(folder, resources)
    assert "storm.txt" in {item.file for item in report.failed}
    assert report.articles == 2


def test_copies_are_stored_once_and_linked(folder: Path, resources: Resources) -> None:
    wire = " ".join(
        f"The {n}th sluice of the Orla dam was opened at {n} o’clock." for n in range(20)
    )
    (folder / "wire.txt").write_text(f"Orla dam opens\n\n{wire}\n", encoding="utf-8")
    (folder / "same.txt").write_text(f"Orla dam opens\n\n{wire}\n", encoding="utf-8")
    reprint = wire.replace("The 3th sluice", "The third gate")
    (folder / "reprint.txt").write_text(f"Gates open at Orla\n\n{reprint}\n", encoding="utf-8")
    report = ingest(folder, resources)
    assert (report.files, report.articles) == (5, 4)
    hits = find("Orla dam sluice", resources).hits
    first = next(hit.article for hit in hits if hit.article.path == "same.txt")
    assert resources.index.files_of(first.id) == ["same.txt", "wire.txt"]
    assert [copy.path for copy in resources.index.copies(first.id)] == ["reprint.txt"]
    origins = {hit.origin for hit in hits if "Orla" in hit.passage.text}
    assert len(origins) == 1
    (folder / "reprint.txt").unlink()
    ingest(folder, resources)
    assert resources.index.copies(first.id) == []


def test_another_folder_is_not_mixed_in(folder: Path, resources: Resources, tmp_path: Path) -> None:
    ingest(folder, resources)
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(SettingsError, match="--index DIR"):
        ingest(other, resources)
    with pytest.raises(SettingsError, match="not a folder"):
        ingest(tmp_path / "none", resources)


def test_uploads_stay_when_the_folder_is_read_again(
    folder: Path, resources: Resources, tmp_path: Path
) -> None:
    ingest(folder, resources)
    upload = tmp_path / "gradio-temporary-name"
    upload.write_text(
        "Ferry to Hale starts\n\nThe ferry to Hale starts on 4 July with 120 seats.\n",
        encoding="utf-8",
    )
    report = add_uploads(resources, [(upload, "../../evil/ferry.txt"), (upload, "image.xyz")])
    assert [item.file for item in report.failed] == ["uploads:image.xyz"]
    assert ingest(folder, resources).removed == 0
    got = ask("How many seats does the ferry to Hale have?", resources)
    assert got.citations[0].article.path == "uploads:evil/ferry.txt"
    assert not (tmp_path / "evil").exists()


def test_an_index_says_how_it_was_built(folder: Path, tmp_path: Path) -> None:
    settings = Settings(index=tmp_path / "index")
    with pytest.raises(IndexMissing, match="byline ingest"), open_resources(settings):
        pass
    with open_resources(settings, create=True) as opened:
        ingest(folder, opened)
    changed = Settings(index=tmp_path / "index", passage_words=60)
    with pytest.raises(IndexMismatch, match="110.*60|60.*110"), open_resources(changed):
        pass
    with open_resources(changed, create=True, rebuild=True) as opened:
        assert ingest(folder, opened).added == 2


def test_without_a_reranker_it_still_answers(folder: Path, tmp_path: Path) -> None:
    settings = Settings(index=tmp_path / "index", reranker="none")
    with open_resources(settings, create=True) as opened:
        ingest(folder, opened)
        got = ask("How much snow fell on the Tarn Pass?", opened)
        assert "42 centimetres" in got.text
        assert ask("Who won the football cup final?", opened).status == "not_in_articles"


@pytest.fixture
def server() -> Iterator[LLMServer]:
    with llm_server() as running:
        yield running


def with_model(folder: Path, server: LLMServer, model: str, index: Path) -> Settings:
    settings = Settings(index=index, llm=f"openai:{model}", llm_base_url=server.url)
    with open_resources(settings, create=True) as opened:
        ingest(folder, opened)
    return settings


def test_a_language_model_writes_from_the_same_passages(
    folder: Path, server: LLMServer, tmp_path: Path
) -> None:
    server.reply = [
        "The pass closed ",
        "after 42 centimetres of snow fell [",
        "1]. ",
        "It was 99 [1]",
        ". Nobody knows why [9].",
    ]
    with open_resources(with_model(folder, server, "good", tmp_path / "index")) as opened:
        got = ask("How much snow closed the Tarn Pass?", opened)
    assert [s.support for s in got.sentences] == ["supported", "unsupported", "unsupported"]
    assert "99" in got.sentences[1].reasons[0]
    assert got.dropped_markers == ("[9]",)
    assert got.citations[0].article.path == "storm.txt"
    assert "42 centimetres" in got.citations[0].quote
    prompt = server.requests[-1]["messages"][1]["content"]
    assert '<passage number="1"' in prompt


def test_a_refusing_model_means_not_in_the_articles(
    folder: Path, server: LLMServer, tmp_path: Path
) -> None:
    server.reply = [REFUSAL[:10], REFUSAL[10:]]
    with open_resources(with_model(folder, server, "good", tmp_path / "index")) as opened:
        got = ask("How much snow closed the Tarn Pass?", opened)
    assert got.status == "not_in_articles"
    assert got.sentences == ()


def test_where_a_stream_is_cut_the_articles_own_sentences_stand_in(
    folder: Path, server: LLMServer, tmp_path: Path
) -> None:
    with open_resources(with_model(folder, server, "cut", tmp_path / "index")) as opened:
        got = ask("How much snow closed the Tarn Pass?", opened)
    assert "42 centimetres" in got.text
    assert got.model == "extractive"
    assert "stopped in the middle" in got.notes[0]


def test_a_file_that_goes_while_the_folder_is_read_costs_that_file_alone(
    folder: Path, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    import rag.indexing.readers

    real = rag.indexing.readers.read_file

    def read(file: Path, path: str) -> object:
        (folder / "bakery.txt").unlink(missing_ok=True)
        (folder / "storm.txt").unlink(missing_ok=True) if path == "storm.txt" else None
        return real(file, path)

    (folder / "a-first.txt").write_text("Quay shut\n\nThe quay was shut at noon on Friday.\n")
    monkeypatch.setattr(rag.indexing.readers, "read_file", read)
    report = ingest(folder, resources)
    assert {item.file for item in report.failed} == {"bakery.txt", "storm.txt"}
    assert (report.added, report.articles) == (1, 1)


@pytest.mark.parametrize("text", [None, "Prices\n\nRye bread 4\n\nWheat bread 3\n"])
def test_a_question_of_two_parts_is_declined_where_there_is_no_sentence(
    tmp_path: Path, resources: Resources, text: str | None
) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    if text:
        (bare / "list.txt").write_text(text)
    ingest(bare, resources)
    assert ask("Who baked it, and when was it sold?", resources).status == "not_in_articles"


def test_what_is_removed_during_a_search_is_left_out(
    folder: Path, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(folder, resources)
    real = type(resources.index).candidates

    def candidates(*arguments: object, **options: object) -> object:
        found = real(*arguments, **options)  # type: ignore[arg-type]
        if (folder / "storm.txt").exists():
            (folder / "storm.txt").unlink()
            ingest(folder, resources)
        return found

    monkeypatch.setattr(type(resources.index), "candidates", candidates)
    hits = find("snow on Tarn Pass", resources).hits
    assert {hit.article.path for hit in hits} == {"bakery.txt"}

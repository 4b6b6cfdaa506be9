"""Byline's search in langchain's hands, on a real index over the sample articles."""

import asyncio
import json
import re
import socket
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.documents import Document
from langchain_core.prompts import ChatPromptTemplate, PromptTemplate
from langchain_core.runnables import ConfigurableField, RunnableLambda, RunnablePassthrough
from langchain_core.tools import create_retriever_tool
from langchain_core.tracers.langchain import wait_for_all_tracers
from pydantic import ValidationError

from rag.errors import BylineError, FilterError, IndexMissing, SettingsError, StoreUnavailable
from rag.integrations.langchain import BylineRetriever, open_retriever
from rag.models import runtime
from rag.resources import Resources, open_resources
from rag.retrieval.filters import as_filters
from rag.retrieval.finding import find
from rag.schema import Filters
from rag.settings import Settings
from tests import samples

ROOT = Path(__file__).parents[2]
QUESTION = "What does the strike cost the country a day?"
QUESTIONS = [QUESTION, "Who was hurt at Gannet Dock?", "How high is the pay rise?", "bananas"]
KEYS = (
    "source title author outlet published url kind page start end score dense_rank lexical_rank "
    "fused_rank rerank_score article_id passage_number permalink"
).split()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("langchain") / "index"
    samples.index(folder)
    return folder


@pytest.fixture(scope="module")
def resources(index: Path) -> Iterator[Resources]:
    with open_resources(Settings(index=index)) as opened:
        yield opened


@pytest.fixture
def retriever(resources: Resources) -> BylineRetriever:
    return BylineRetriever(resources=resources)


def outlets(documents: list[Document]) -> set[str]:
    return {document.metadata["outlet"] for document in documents}


@pytest.fixture
def quick(resources: Resources) -> BylineRetriever:
    """One that does not rerank, where only the way through langchain matters."""
    return BylineRetriever(resources=replace(resources, reranker=None))


# --- what comes back


def awaited(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run in a thread of its own: this one may have the browser tests' event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def test_documents_are_the_hits_of_the_search(
    retriever: BylineRetriever, resources: Resources
) -> None:
    hits = find(QUESTION, resources).hits[:8]
    got = retriever.invoke(QUESTION)
    assert [item.id for item in got] == [hit.passage.id for hit in hits]
    assert [item.page_content for item in got] == [hit.passage.text for hit in hits]
    for item, hit in zip(got, hits, strict=True):
        ranks = hit.ranks
        assert list(item.metadata) == KEYS
        assert item.metadata["source"] == hit.article.path
        assert item.metadata["score"] == pytest.approx(hit.score)
        assert item.metadata["rerank_score"] == pytest.approx(ranks.rerank_score)
        assert [item.metadata[key] for key in ("dense_rank", "lexical_rank", "fused_rank")] == [
            ranks.dense,
            ranks.lexical,
            ranks.fused,
        ]


def test_a_document_is_an_exact_slice_of_its_article(
    retriever: BylineRetriever, resources: Resources
) -> None:
    got = retriever.invoke(QUESTION, k=60)
    assert len(got) == len({item.id for item in got}) == 60  # more than are usually reranked
    for item in got:
        data = item.metadata
        article = resources.index.article(data["article_id"])
        assert article.text[data["start"] : data["end"]] == item.page_content
        assert (samples.SAMPLES / data["source"]).is_file()
        assert 0 <= data["score"] <= 1
        passage = resources.index.passages_of(article.id)[data["passage_number"]]
        assert passage.id == item.id
        assert (data["page"] is not None) == data["source"].endswith(".pdf")
        place = f"/a/{article.id}?start={data['start']}&end={data['end']}"
        assert data["permalink"] == f"http://127.0.0.1:7860{place}"
    assert any(item.metadata["page"] for item in got)
    assert {item.metadata["kind"] for item in got} >= {"body", "comment"}


def test_metadata_is_plain_json(retriever: BylineRetriever) -> None:
    for item in retriever.invoke(QUESTION, k=40):
        assert json.loads(json.dumps(item.metadata)) == item.metadata
        assert Document.model_validate_json(item.model_dump_json()) == item
        assert date.fromisoformat(item.metadata["published"] or "2024-03-04").year == 2024


def test_without_a_reranker_there_is_no_logit(resources: Resources) -> None:
    plain = BylineRetriever(resources=replace(resources, reranker=None), k=3)
    got = plain.invoke(QUESTION)
    assert [item.metadata["rerank_score"] for item in got] == [None] * 3
    assert [item.metadata["fused_rank"] for item in got] == [1, 2, 3]


# --- as a Runnable


def test_ainvoke_and_batch_give_what_invoke_gives(quick: BylineRetriever) -> None:
    limits: dict[str, Any] = {"k": 3, "filters": {"outlets": ["The Averstad Sentinel"]}}
    one_by_one = [quick.invoke(question, **limits) for question in QUESTIONS]
    assert quick.batch(QUESTIONS, **limits) == one_by_one
    assert awaited(quick.ainvoke(QUESTION, **limits)) == one_by_one[0]
    assert awaited(quick.abatch(QUESTIONS, **limits)) == one_by_one


def test_the_event_loop_is_free_while_it_searches(
    quick: BylineRetriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, searches, may_go_on = Resources.warm, threading.Event(), threading.Event()

    def warm(self: Resources) -> None:
        searches.set()
        assert may_go_on.wait(20), "the search holds the event loop"
        real(self)

    async def ask() -> list[Document]:
        asked = asyncio.create_task(quick.ainvoke(QUESTION))
        assert await asyncio.to_thread(searches.wait, 20)
        may_go_on.set()
        return await asked

    monkeypatch.setattr(Resources, "warm", warm)
    assert awaited(ask())


def test_models_load_in_one_thread_of_a_batch(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, loading, calls = Resources.warm, threading.Lock(), []

    def warm(self: Resources) -> None:
        assert loading.acquire(blocking=False), "two threads load models at once"
        calls.append(real(self))
        loading.release()

    monkeypatch.setattr(Resources, "warm", warm)
    monkeypatch.setattr(runtime, "_compiled", {})
    with open_retriever(index, k=1) as cold:
        cold.batch(QUESTIONS)
    assert len(calls) == len(QUESTIONS)


def test_it_is_a_step_of_a_chain(quick: BylineRetriever) -> None:
    context = quick | (lambda got: "\n".join(item.page_content for item in got))
    prompt = ChatPromptTemplate.from_template("{context}\n\nQuestion: {question}")
    chain = {"context": context, "question": RunnablePassthrough()} | prompt
    text = chain.invoke(QUESTION).to_string()
    assert "11 million crowns a day" in text
    assert text.endswith(f"Question: {QUESTION}")
    sources = quick | RunnableLambda(outlets)
    assert len(sources.invoke(QUESTION)) > 1
    assert sources.invoke(QUESTION, filters={"outlets": ["the ilvane courier"]}) == {
        "The Ilvane Courier"
    }
    bound = quick.bind(k=1) | len
    assert bound.invoke(QUESTION) == 1


def test_k_can_be_a_configurable_field(quick: BylineRetriever) -> None:
    by_config = quick.configurable_fields(k=ConfigurableField(id="k"))
    assert len(by_config.invoke(QUESTION, config={"configurable": {"k": 2}})) == 2
    with pytest.raises(SettingsError, match="k is 0"):
        by_config.invoke(QUESTION, config={"configurable": {"k": 0}})


def test_it_is_an_agents_tool(quick: BylineRetriever) -> None:
    tool = create_retriever_tool(
        quick,
        "articles",
        "Passages of the articles.",
        document_prompt=PromptTemplate.from_template("[{source} {start}-{end}] {page_content}"),
        response_format="content_and_artifact",
    )
    call = {"type": "tool_call", "id": "1", "name": "articles", "args": {"query": QUESTION}}
    reply = tool.invoke(call)
    assert reply.artifact == quick.invoke(QUESTION)
    first = reply.artifact[0]
    data = first.metadata
    assert reply.content.startswith(
        f"[{data['source']} {data['start']}-{data['end']}] {first.page_content}"
    )
    assert awaited(tool.ainvoke(call)).content == reply.content


def test_callbacks_hear_of_documents_and_of_errors(quick: BylineRetriever) -> None:
    class Listener(BaseCallbackHandler):
        heard: list[object] = []

        def on_retriever_end(self, documents: Any, **_: Any) -> None:
            self.heard.append(len(documents))

        def on_retriever_error(self, error: BaseException, **_: Any) -> None:
            self.heard.append(type(error))

    listener = Listener()
    quick.invoke(QUESTION, config={"callbacks": [listener]})
    with pytest.raises(SettingsError):
        quick.invoke(QUESTION, config={"callbacks": [listener]}, k=0)
    assert listener.heard == [8, SettingsError]


def test_nothing_is_sent_anywhere(quick: BylineRetriever, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in [*os.environ]:
        if name.startswith(("LANGSMITH_", "LANGCHAIN_")):
            monkeypatch.delenv(name)
    asked: list[object] = []

    def refuse(*where: object, **_: object) -> Any:
        asked.append(where)
        raise OSError("no network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    before = set(threading.enumerate())
    chain = quick | len
    assert chain.invoke(QUESTION) == 8
    wait_for_all_tracers()
    assert asked == []
    assert set(threading.enumerate()) <= before  # no tracer works on behind our back


# --- filters


@pytest.mark.parametrize(
    ("filters", "holds"),
    [
        ({"outlets": ["meridel press agency"]}, lambda d: d["outlet"] == "Meridel Press Agency"),
        ({"since": "2024-03-20"}, lambda d: (d["published"] or "") >= "2024-03-20"),
        ({"until": date(2024, 3, 6)}, lambda d: (d["published"] or "9") <= "2024-03-06"),
        ({"until": datetime(2024, 3, 6, 9)}, lambda d: (d["published"] or "9") <= "2024-03-06"),
        ({"kinds": ["comment"]}, lambda d: d["kind"] == "comment"),
        ({"authors": ["Oskar Lyndhall"]}, lambda d: d["author"] == "Oskar Lyndhall"),
    ],
    ids=lambda value: "".join(value) if isinstance(value, dict) else "",
)
def test_filters_limit_what_is_found(quick: BylineRetriever, filters: Any, holds: Any) -> None:
    own = BylineRetriever(resources=quick.resources, filters=filters)
    assert not all(holds(item.metadata) for item in quick.invoke("strike", k=60))
    for got in (own.invoke("strike"), quick.invoke("strike", filters=filters)):
        assert got
        assert all(holds(item.metadata) for item in got)


def test_filters_of_a_call_replace_the_retrievers_own(resources: Resources) -> None:
    courier = Filters(outlets=("The Ilvane Courier",))
    own = BylineRetriever(resources=resources, filters=courier)
    assert own.filters == courier
    assert outlets(own.invoke(QUESTION)) == {"The Ilvane Courier"}
    assert len(outlets(own.invoke(QUESTION, filters=Filters()))) > 1
    sentinel = {"outlets": ["The Averstad Sentinel"], "since": None}
    assert outlets(own.invoke(QUESTION, filters=sentinel)) == {"The Averstad Sentinel"}
    assert own.invoke(QUESTION, filters={"outlets": ["The Moon"]}) == []


def test_a_mapping_is_read_as_on_the_command_line() -> None:
    assert as_filters({"since": "June 2015", "until": "2016", "opinion": False}) == Filters(
        since=date(2015, 6, 1), until=date(2016, 12, 31), opinion=False
    )
    assert as_filters({"as_of": date(2016, 1, 2), "files": ("a.pdf",), "authors": None}) == Filters(
        until=date(2016, 1, 2), files=("a.pdf",)
    )


@pytest.mark.parametrize(
    ("filters", "says"),
    [
        ({"outlet": ["The Gazette"]}, "no 'outlet'. Did you mean outlets?"),
        ({"zzz": []}, "no 'zzz'. Known: since, until, as_of, outlets, authors, files, kinds, opin"),
        ({"outlets": "The Gazette"}, "outlets is 'The Gazette'; it must be a list of texts"),
        ({"authors": [3]}, "authors is [3]; it must be a list of texts"),
        ({"kinds": ["coment"]}, "kinds coment: write body or comment or caption"),
        ({"since": "one day"}, "since one day is no date. Write 2015"),
        ({"until": 2015}, "until is 2015; it must be text"),
        ({"since": "2015", "until": "2014"}, "since 2015 is after until 2014"),
        ({"opinion": "maybe"}, "opinion maybe: write yes or no"),
        ("The Gazette", "filters is 'The Gazette'; it must be Filters or a mapping"),
    ],
)
def test_impossible_filters_are_refused(
    quick: BylineRetriever, resources: Resources, filters: Any, says: str
) -> None:
    for use in (
        lambda: as_filters(filters),
        lambda: BylineRetriever(resources=resources, filters=filters),
        lambda: quick.invoke(QUESTION, filters=filters),
    ):
        with pytest.raises(FilterError, match=re.escape(says)):
            use()


# --- opening, closing, errors


@pytest.mark.parametrize("k", [0, -3])
def test_k_below_one_is_refused(
    quick: BylineRetriever, resources: Resources, index: Path, k: int
) -> None:
    says = f"k is {k}; at least 1 is needed"
    with pytest.raises(SettingsError, match=says):
        BylineRetriever(resources=resources, k=k)
    with pytest.raises(SettingsError, match=says):
        quick.invoke(QUESTION, k=k)
    with pytest.raises(SettingsError, match=says), open_retriever(index, k=k):
        pass


def test_what_is_no_resources_or_no_option_is_refused(quick: BylineRetriever) -> None:
    with pytest.raises(ValidationError, match="Resources"):
        BylineRetriever(resources="index")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="'filter'"):
        quick.invoke(QUESTION, filter={})


def test_a_missing_index_is_named_as_everywhere(tmp_path: Path) -> None:
    errors: list[BylineError] = []
    for opening in (
        open_retriever(tmp_path / "none"),
        open_resources(Settings(index=tmp_path / "none")),
    ):
        with pytest.raises(IndexMissing, match="byline ingest") as caught, opening:
            pass
        errors.append(caught.value)
    assert str(errors[0]) == str(errors[1])
    assert not (tmp_path / "none").exists()


def test_settings_come_as_on_the_command_line(
    index: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BYLINE_INDEX", str(index))
    monkeypatch.setenv("BYLINE_RERANK_DEPTH", "7")
    monkeypatch.setenv("BYLINE_LLM", "openai:gpt-4o-mini")  # no key is set, and none is needed
    with open_retriever(candidates=30) as opened:
        settings = opened.resources.settings
        assert (settings.rerank_depth, settings.candidates) == (7, 30)
        assert opened.resources.model is None
    with open_retriever(Settings(index=index, rerank_depth=5), candidates=9) as opened:
        settings = opened.resources.settings
        assert (settings.index, settings.rerank_depth, settings.candidates) == (index, 5, 9)
    with pytest.raises(SettingsError, match="rerank_depth"), open_retriever(rerank_deth=3):
        pass


def test_after_its_block_a_retriever_says_that_it_is_closed(index: Path) -> None:
    with open_retriever(index) as opened:
        pass
    with pytest.raises(StoreUnavailable, match="is closed"):
        opened.invoke(QUESTION)


def test_a_password_is_never_shown(resources: Resources) -> None:
    secret = replace(resources.settings, auth="reader:tangerine")
    shown = BylineRetriever(resources=replace(resources, settings=secret))
    assert "tangerine" not in f"{shown!r} {shown} {shown.model_dump()} {shown.to_json()}"


def test_the_guide_names_what_there_is() -> None:
    guide = (ROOT / "docs" / "langchain.md").read_text(encoding="utf-8")
    paragraph = guide.partition("The metadata is plain JSON")[2].partition("\n\n")[0]
    named = set(re.findall(r"`(\w+)`", paragraph)) - {"BYLINE_PUBLIC_URL"}
    assert named == set(KEYS) - {"dense_rank", "lexical_rank", "fused_rank", "rerank_score"}

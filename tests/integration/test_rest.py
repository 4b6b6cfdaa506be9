"""The interface for programs: what the command line prints as JSON, over a real server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.integration.programs import QUESTION, Reply, call, served
from vectorstore.beside import InFolder


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("open")) as found:
        yield found


def is_problem(reply: Reply, status: int) -> bool:
    told = reply.json
    return (
        reply.status == told["status"] == status
        and reply.headers["content-type"] == "application/problem+json"
        and bool(told["detail"])
    )


# --- questions


def test_every_citation_is_a_slice_of_its_article_and_its_link_opens_it(address: str) -> None:
    got = call(address, "/api/v1/ask", {"question": QUESTION}).json
    assert got["status"] == "answered"
    assert got["searched"]["articles"] == got["searched"]["of"] == 18
    for item in got["citations"]:
        article = call(address, f"/api/v1/articles/{item['article']}").json
        assert article["text"][item["start"] : item["end"]] == item["quote"]
        assert item["url"].startswith(f"{address}/a/")
        page = call(address, item["url"].removeprefix(address))
        marked = "".join(re.findall(r"<mark[^>]*>(.*?)</mark>", page.body.decode(), re.DOTALL))
        assert " ".join(marked.split()) == " ".join(item["quote"].split())


def test_an_answer_comes_as_it_grows(address: str) -> None:
    reply = call(address, "/api/v1/ask", {"question": QUESTION, "stream": True})
    assert reply.headers["content-type"].startswith("text/event-stream")
    events = [_event(block) for block in reply.body.decode().split("\n\n") if block]
    names = [name for name, _ in events if name != "waiting"]
    assert names[0] == "searched"
    assert names[-1] == "done"
    written = "".join(said["text"] for name, said in events if name == "token")
    assert written == events[-1][1]["answer"]
    checked = [said for name, said in events if name == "checked"]
    assert checked == events[-1][1]["sentences"]


def _event(block: str) -> tuple[str, Any]:
    name, data = block.split("\n")
    return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_a_follow_up_knows_what_was_asked(address: str) -> None:
    history = [{"question": "Who is the mediator?", "answer": "Odile Hartsgrave mediates. [1]"}]
    asked = {"question": "How old is she?", "history": history}
    got = call(address, "/api/v1/ask", asked).json
    assert "Odile Hartsgrave" in got["standalone_question"]


def test_filters_limit_what_is_searched(address: str) -> None:
    limits = {"outlets": ["Slackwater Weekly"], "until": "March 2024"}
    asked = {"question": "How many people marched?", "filters": limits}
    assert call(address, "/api/v1/ask", asked).json["searched"]["articles"] == 2
    found = call(address, "/api/v1/find", {**asked, "k": 3}).json
    assert 0 < len(found["hits"]) <= 3
    assert {hit["file"].split("-")[3] for hit in found["hits"]} == {"slackwater"}


def test_sources_are_compared(address: str) -> None:
    got = call(address, "/api/v1/compare", {"question": "8,500 people marched."}).json
    assert got["rows"]
    row = got["rows"][0]
    article = call(address, f"/api/v1/articles/{row['article']}").json
    assert article["text"][row["start"] : row["end"]] == row["words"]
    assert row["permalink"] == f"{address}/a/{row['article']}?start={row['start']}&end={row['end']}"


# --- articles


def test_articles_are_listed_in_pages_newest_first(address: str) -> None:
    listed, at = [], 0
    while at is not None:
        page = call(address, f"/api/v1/articles?limit=7&offset={at}").json
        listed += page["articles"]
        at = page["next"]
    assert len(listed) == page["total"] == 18
    days = [item["published"] or "" for item in listed]
    assert days == sorted(days, reverse=True)
    named = call(address, "/api/v1/articles?author=Penhallick&since=2024-03-20").json
    assert {item["author"] for item in named["articles"]} == {"Joris Penhallick"}


def test_an_article_can_be_had_by_its_link_as_json(address: str) -> None:
    first = call(address, "/api/v1/articles?limit=1").json["articles"][0]
    path = first["url"].removeprefix(address)
    assert call(address, f"{path}.json").json["text"]


# --- what goes wrong


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/v1/ask", {"question": "  "}, 422),
        ("/api/v1/ask", {}, 422),
        ("/api/v1/ask", b"{", 422),
        ("/api/v1/ask", {"question": "Who?", "filters": {"outlet": ["A"]}}, 422),
        ("/api/v1/ask", {"question": "Who?", "filters": {"since": "soon"}}, 422),
        ("/api/v1/find", {"question": "Who?", "k": 0}, 422),
        ("/api/v1/articles/none", None, 404),
        ("/api/v1/jobs/none", None, 404),
        ("/api/v1/nothing", None, 404),
        ("/api/v1/ask", None, 405),
        ("/a/none.json", None, 404),
    ],
)
def test_what_is_wrong_is_told_as_problem_details(
    address: str, path: str, body: Any, status: int
) -> None:
    assert is_problem(call(address, path, body), status)


# --- adding


def done(address: str, job: Any, token: str = "") -> Any:
    while job["status"] in ("waiting", "running"):
        job = call(address, f"/api/v1/jobs/{job['id']}?wait=60", token=token).json
    return job


def form(name: str, data: bytes) -> tuple[bytes, dict[str, str]]:
    """A file as browsers and programs send it, and the header that goes with it."""
    head = f'Content-Disposition: form-data; name="files"; filename="{name}"'.encode()
    body = b"--edge\r\n" + head + b"\r\n\r\n" + data + b"\r\n--edge--\r\n"
    return body, {"Content_Type": "multipart/form-data; boundary=edge"}


def test_a_file_and_a_text_are_added_by_jobs(address: str) -> None:
    body, headers = form("tug.txt", b"Tug back\n\nThe tug Morwenna is in port again.\n")
    ordered = call(address, "/api/v1/ingest", body, **headers)
    assert ordered.status == 202
    assert ordered.headers["location"] == f"/api/v1/jobs/{ordered.json['id']}"
    assert done(address, ordered.json)["report"]["added"] == 1
    text = {"text": "The pilot boat Sandrail sank.", "headline": "Boat lost", "outlet": "Gazette"}
    assert done(address, call(address, "/api/v1/ingest/text", text).json)["status"] == "done"
    got = call(address, "/api/v1/find", {"question": "Which pilot boat sank?", "k": 1}).json
    assert "Sandrail" in got["hits"][0]["text"]


def test_a_file_that_cannot_be_read_is_named(address: str) -> None:
    body, headers = form("../../old.pdf", b"%PDF-")
    job = done(address, call(address, "/api/v1/ingest", body, **headers).json)
    assert job["status"] == "done"
    assert [item["file"] for item in job["report"]["failed"]] == ["uploads:old.pdf"]


# --- the description


def test_the_description_holds_every_call_and_the_page_shows_it(address: str) -> None:
    described = call(address, "/api/v1/openapi.json").json
    assert described["openapi"].startswith("3.1")
    page = call(address, "/api/v1/docs").body.decode()
    assert not re.search(r"(?:src|srcset)=|https?://(?!127\.0\.0\.1)", page)  # all is in it
    assert "`" not in page
    for path in described["paths"]:
        assert f"curl {address}/api/v1{path.partition('{')[0]}" in page


def test_every_call_takes_and_gives_what_its_examples_show(address: str) -> None:
    described = call(address, "/api/v1/openapi.json").json
    for path, operations in described["paths"].items():
        for operation in operations.values():
            for field in operation.get("parameters", ()):
                assert field["name"] == "id" or field["schema"]["description"], (path, field)
            succeeds = next(iter(operation["responses"].values()))["content"]["application/json"]
            is_of(described, succeeds["schema"], succeeds["example"])
            sent = operation.get("requestBody", {"content": {}})["content"].get("application/json")
            for example in sent["examples"].values() if sent else ():
                is_of(described, sent["schema"], example["value"])


def is_of(described: Any, schema: Any, value: Any) -> None:
    """Fails where `value` is not as `schema` of the description says."""
    jsonschema.Draft202012Validator({**schema, "components": described["components"]}).validate(
        value
    )


# --- who may


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("closed")
    with served(folder, BYLINE_AUTH="anna:correct horse") as found:
        yield found, folder / "index"


def token(index: Path, name: str, *scopes: str) -> str:
    from datetime import date

    from rag.web.api.tokens import made

    return made(InFolder(index), name, scopes, date(2024, 3, 4))


PATHS = ["/api/v1/articles", "/api/v1/openapi.json", "/api/v1/docs", "/a/none.json", "/v1/models"]


@pytest.mark.parametrize("path", PATHS)
def test_where_users_are_set_nothing_is_told_without_a_token(
    closed: tuple[str, Path], path: str
) -> None:
    address, _ = closed
    for given in ("", "byline_wrong"):
        reply = call(address, path, token=given)
        assert is_problem(reply, 401)
        assert reply.headers["www-authenticate"] == "Bearer"


def test_a_token_does_what_its_scopes_say(closed: tuple[str, Path]) -> None:
    address, index = closed
    reads, adds = token(index, "reads", "read"), token(index, "adds", "add")
    text = {"text": "The dredger Halvard lies in dock."}
    assert call(address, "/api/v1/articles", token=reads).status == 200
    assert is_problem(call(address, "/api/v1/ingest/text", text, token=reads), 403)
    assert is_problem(call(address, "/api/v1/articles", token=adds), 403)
    job = call(address, "/api/v1/ingest/text", text, token=adds)
    assert job.status == 202
    assert is_problem(call(address, f"/api/v1/jobs/{job.json['id']}", token=reads), 403)
    assert done(address, job.json, adds)["status"] == "done"


def test_a_token_opens_no_page_and_one_that_is_taken_back_opens_nothing(
    closed: tuple[str, Path],
) -> None:
    from rag.web.api.tokens import removed

    address, index = closed
    given = token(index, "short", "read")
    assert call(address, "/api/v1/articles", token=given).status == 200
    assert call(address, "/config", token=given).status == 401
    removed(InFolder(index), "short")
    assert is_problem(call(address, "/api/v1/articles", token=given), 401)


def test_a_link_leads_a_visitor_to_the_login_and_back(closed: tuple[str, Path]) -> None:
    address, _ = closed
    page = call(address, "/a/none?start=3&end=9", Accept="text/html")
    assert page.status == 200
    assert "Sign in" in page.body.decode()
    assert 'value="/a/none?start=3&amp;end=9"' in page.body.decode()


def test_who_watches_is_told_whether_a_question_could_be_answered(address: str) -> None:
    assert call(address, "/api/v1/healthz").json == {"status": "ok"}
    assert call(address, "/api/v1/readyz").json == {"status": "ready"}


def test_no_cache_keeps_what_programs_are_told(address: str) -> None:
    for path in ("/api/v1/articles", "/api/v1/openapi.json", "/v1/models"):
        assert call(address, path).headers["cache-control"] == "no-store"


def test_a_path_that_is_none_says_where_the_paths_are(address: str) -> None:
    reply = call(address, "/api/v1/asks")
    assert is_problem(reply, 404)
    assert "/api/v1/docs" in reply.json["detail"]

"""Evidence packs: what was cited can be checked later, and a pack that was changed shows it."""

import copy
import hashlib
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag.articles import read_file
from rag.errors import PackError
from rag.export.evidence_pack import Pack, Provenance, as_json, load, pack, public, seal
from rag.export.verifying import folders, verify
from rag.schema import Answer, Article, Citation, FileRecord, Hit, Passage, Sentence
from rag.settings import Settings

BASE = "https://news.example"  # of permalinks
WORDS = st.text("abc éß–“”1[]<&", min_size=1, max_size=60)
TEXTS = st.lists(WORDS.filter(lambda text: any(map(str.isalnum, text))), min_size=1, max_size=4)


@dataclass(frozen=True)
class Packed:
    """A folder with the file wire.jsonl, one of its articles, and the pack that cites it."""

    folder: Path
    file: Path
    articles: tuple[Article, ...]
    cited: Article
    pack: Pack


def cite(article: Article, start: int, end: int, number: int = 1, **more: Any) -> Citation:
    passage = Passage("p", article.id, 0, start, end, article.text[start:end], "", "body")
    return Citation(number, article, passage, start, end, **more)


def answered(*citations: Citation, question: str = "What?", text: str = "So.") -> Answer:
    hits = tuple(Hit(item.passage, item.article, 0.9) for item in citations)
    sentence = Sentence(text, tuple(item.number for item in citations), "partial", (text,))
    return Answer(
        question, question, "answered", text, (sentence,), citations, hits, (), "extractive"
    )


def made_with(files: Mapping[str, FileRecord], **settings: Any) -> Provenance:
    made = datetime(2024, 3, 4, tzinfo=UTC)
    weights = {"embedding": "ab" * 32, "reranker": None}
    return Provenance(made, files, Settings(**settings), weights)


def record(file: Path, *articles: Article) -> FileRecord:
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    return FileRecord(file.name, sha256, 1, 1, tuple(item.id for item in articles))


def write(file: Path, texts: Mapping[str, str]) -> None:
    rows = [json.dumps({"id": name, "text": text}) for name, text in texts.items()]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")


@contextmanager
def packed(paragraphs: list[list[str]], data: st.DataObject) -> Iterator[Packed]:
    with tempfile.TemporaryDirectory() as name:
        folder, file = Path(name), Path(name, "wire.jsonl")
        write(file, {f"a{n}": "\n\n".join(texts) for n, texts in enumerate(paragraphs)})
        articles = read_file(file, file.name).articles
        cited = data.draw(st.sampled_from(articles))
        start = data.draw(st.integers(0, len(cited.text) - 1))
        end = data.draw(st.integers(start + 1, len(cited.text)))
        known = {item.id: record(file, *articles) for item in articles}
        given_pack = pack([answered(cite(cited, start, end))], made_with(known), BASE)
        yield Packed(folder, file, articles, cited, json.loads(as_json(given_pack)))


def findings(given: Packed, changed: Pack | None = None) -> list[str]:
    verdicts = verify(changed or given.pack, given.folder, given.folder / "added")
    return [verdict.finding for verdict in verdicts]


# --- standing


@given(st.lists(TEXTS, min_size=1, max_size=3), st.data())
def test_what_was_not_touched_stands(paragraphs: list[list[str]], data: st.DataObject) -> None:
    with packed(paragraphs, data) as got:
        assert findings(got) == ["stands"]
        citation = got.pack["answers"][0]["citations"][0]
        assert citation["quote"] == got.cited.text[citation["start"] : citation["end"]]


@given(st.lists(TEXTS, min_size=1, max_size=3), st.data())
def test_a_changed_character_of_the_quote_is_noticed(
    paragraphs: list[list[str]], data: st.DataObject
) -> None:
    with packed(paragraphs, data) as got:
        citation = got.pack["answers"][0]["citations"][0]
        places = [
            at for at in range(citation["start"], citation["end"]) if got.cited.text[at] in "abcé"
        ]
        assume(places)
        at = data.draw(st.sampled_from(places))
        texts = {item.path.partition("#")[2]: item.text for item in got.articles}
        name = got.cited.path.partition("#")[2]
        texts[name] = texts[name][:at] + "z" + texts[name][at + 1 :]
        write(got.file, texts)
        assert findings(got) != ["stands"]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value of a pack that is no object and no list."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from leaves(item, (*path, key))
    else:
        yield path


def leaf(given: Pack, path: tuple[Any, ...]) -> Any:
    value: Any = given
    for key in path:
        value = value[key]
    return value


def with_leaf(given: Pack, path: tuple[Any, ...], value: Any) -> Pack:
    changed = copy.deepcopy(given)
    target: Any = changed
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return changed


@given(st.lists(TEXTS, min_size=1, max_size=2), st.data())
def test_a_change_anywhere_in_the_pack_is_noticed(
    paragraphs: list[list[str]], data: st.DataObject
) -> None:
    with packed(paragraphs, data) as got:
        path = data.draw(st.sampled_from(sorted(leaves(got.pack), key=str)))
        changed = with_leaf(got.pack, path, data.draw(st.sampled_from(["other", 999_999])))
        with suppress(PackError):  # so broken that it is refused
            assert "altered" in findings(got, changed)


@pytest.mark.parametrize("name", ["quote", "start", "end", "title", "author", "published"])
def test_a_forged_citation_is_noticed_even_if_sealed_again(tmp_path: Path, name: str) -> None:
    got = stored(tmp_path, "The dam held all night.\n\nNobody was hurt.")
    value = 3 if name in ("start", "end") else "The dam broke."
    forged = with_leaf(got.pack, ("answers", 0, "citations", 0, name), value)
    forged["seal"] = seal(forged)
    assert findings(got, forged) == ["altered"]


# --- what can become of a file


def stored(folder: Path, text: str, quote: str = "") -> Packed:
    """A folder with one text file, cited by `quote` (else by its last four words)."""
    file = folder / "dam.txt"
    file.write_text(text, encoding="utf-8")
    articles = read_file(file, file.name).articles
    quote = quote or " ".join(articles[0].text.split()[-3:])
    start = articles[0].text.index(quote)
    citation = cite(articles[0], start, start + len(quote))
    files = {articles[0].id: record(file, *articles)}
    return Packed(
        folder, file, articles, articles[0], pack([answered(citation)], made_with(files), BASE)
    )


DAM = "The dam at Hask held all night.\n\nNobody was hurt, the brigade said."


@pytest.mark.parametrize(
    ("text", "finding", "words"),
    [
        (
            DAM + "\n\nMore rain is due on Monday, the harbour office said.",
            "stands",
            "the file has changed elsewhere",
        ),
        ("Rain fell for days.\n\n" + DAM, "moved", "now stand at characters"),
        (DAM.replace("Nobody was", "Nobody\nwas"), "moved", "now stand at characters"),
        (DAM.replace("hurt", "found"), "changed", "no longer in the article"),
    ],
)
def test_a_file_that_changed(tmp_path: Path, text: str, finding: str, words: str) -> None:
    got = stored(tmp_path, DAM, "Nobody was hurt")
    got.file.write_text(text, encoding="utf-8")
    (verdict,) = verify(got.pack, tmp_path, tmp_path)
    assert verdict.finding == finding
    assert words in verdict.line
    assert verdict.line.startswith(f"answer 1 [1] dam.txt: {finding}")


def test_a_file_that_went(tmp_path: Path) -> None:
    got = stored(tmp_path, DAM)
    got.file.unlink()
    (verdict,) = verify(got.pack, tmp_path, tmp_path)
    assert (verdict.finding, "there is no such file" in verdict.line) == ("gone", True)


def test_a_row_without_an_id_that_moved_down(tmp_path: Path) -> None:
    file = tmp_path / "wire.jsonl"
    file.write_text(json.dumps({"text": DAM}), encoding="utf-8")
    (cited,) = read_file(file, file.name).articles
    given_pack = pack(
        [answered(cite(cited, 0, 7))], made_with({cited.id: record(file, cited)}), BASE
    )
    rows = [{"text": "The mill is closed."}, {"text": DAM}]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (verdict,) = verify(given_pack, tmp_path, tmp_path)
    assert (verdict.finding, verdict.words) == ("moved", "the article is now wire.jsonl#2")


def test_an_article_that_went_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "wire.jsonl"
    write(file, {"one": DAM, "two": "The mill is closed."})
    articles = read_file(file, file.name).articles
    files = {articles[0].id: record(file, *articles)}
    given_pack = pack([answered(cite(articles[0], 0, 7))], made_with(files), BASE)
    write(file, {"two": "The mill is closed."})
    (verdict,) = verify(given_pack, tmp_path, tmp_path)
    assert (verdict.file, verdict.finding) == ("wire.jsonl#one", "gone")


@pytest.mark.parametrize("path", ["../outside.txt", "/etc/hostname", "uploads:../outside.txt"])
def test_a_pack_cannot_lead_out_of_the_folder(tmp_path: Path, path: str) -> None:
    (tmp_path / "outside.txt").write_text(DAM, encoding="utf-8")
    folder = tmp_path / "articles"
    folder.mkdir()
    got = stored(folder, DAM)
    forged = with_leaf(got.pack, ("answers", 0, "citations", 0, "source", "file"), path)
    forged["seal"] = seal(forged)
    (verdict,) = verify(forged, folder, folder)
    assert verdict.finding == "gone"
    assert "leads out" in verdict.line


def test_a_conversation_is_one_pack(tmp_path: Path) -> None:
    got = stored(tmp_path, DAM)
    turns = [answered(cite(got.cited, 0, 7)), answered(cite(got.cited, 4, 7, number=2))]
    files = {got.cited.id: record(got.file, got.cited)}
    verdicts = verify(pack(turns, made_with(files), BASE), tmp_path, tmp_path)
    assert [(v.answer, v.number, v.finding) for v in verdicts] == [
        (1, 1, "stands"), (2, 2, "stands"),
    ]  # fmt: skip


# --- what is no pack


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "byline-evidence", "version": 99}'])
def test_what_is_no_pack_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "pack.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PackError, match="pack"):
        load(file)


def test_a_damaged_pack_is_refused(tmp_path: Path) -> None:
    got = stored(tmp_path, DAM)
    del got.pack["answers"][0]["citations"][0]["quote"]
    with pytest.raises(PackError, match="damaged"):
        verify(got.pack, tmp_path, tmp_path)


def test_no_secret_is_packed() -> None:
    settings = Settings(
        auth="editor:hunter2",
        llm_base_url="https://me:hunter2@models.invalid/v1?key=hunter2",
        chroma="http://me:hunter2@chroma.invalid:8000",
    )
    shown = public(settings)
    assert "hunter2" not in json.dumps(shown)
    assert shown["llm_base_url"] == "https://models.invalid/v1"
    assert shown["chroma"] == "http://chroma.invalid:8000"


# --- nothing of this machine


def test_a_pack_names_no_folder_of_this_machine(tmp_path: Path) -> None:
    got = stored(tmp_path, DAM)
    article = replace(got.cited, url=f"file://{tmp_path}/dam.html")
    settings = {
        "index": tmp_path / "index",
        "embedding": str(tmp_path / "models" / "minilm"),
        "reranker": r"C:\Users\ada\models\reranker",
        "verify": "~/models/nli",
        "users": str(tmp_path / "users.txt"),
        "cache": Path.home() / ".cache",
    }
    files = {got.cited.id: record(got.file, got.cited)}
    made = pack([answered(cite(article, 0, 7))], made_with(files, **settings), BASE)
    texts = [text for path in leaves(made) if isinstance(text := leaf(made, path), str)]
    assert "dam.txt" in texts
    assert made["models"]["embedding"]["name"] == "minilm"
    assert (made["settings"]["reranker"], made["settings"]["verify"]) == ("reranker", "nli")
    for text in texts:
        assert not re.match(r"[/\\~]|[A-Za-z]:", text)
        assert str(Path.home()) not in text
        assert str(tmp_path) not in text


def test_a_pack_of_before_says_where_its_articles_are(tmp_path: Path) -> None:
    got = stored(tmp_path, DAM)
    before = {**got.pack, "version": 1}
    before["articles"] = {"folder": str(tmp_path), "uploads": str(tmp_path / "added")}
    before["seal"] = seal(before)
    file = tmp_path / "pack.json"
    file.write_text(as_json(before), encoding="utf-8")
    loaded = load(file)
    assert folders(loaded) == (tmp_path, tmp_path / "added")
    assert folders(loaded, tmp_path / "copy")[0] == tmp_path / "copy"
    assert [one.finding for one in verify(loaded, *folders(loaded))] == ["stands"]

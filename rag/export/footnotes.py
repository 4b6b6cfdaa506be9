"""An evidence pack to read: Markdown or one HTML page, its sources as footnotes.

Both are made from a pack alone. All words of questions, models and articles are escaped: no link,
image or element of theirs works, and the page loads and runs nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from rag.answering.layout import laid_out, paired
from rag.export import templating
from rag.export.contract import RULES
from rag.export.evidence_pack import Pack
from rag.export.marked_up import Manner, Pair, markdown
from rag.export.verdicts import remark
from rag.schema import EXTRACTIVE, Sentence

_ACTIVE = re.compile(r"[\\`*_{}\[\]<>#|~&!$^@]|(?<=\w):(?=//)|(?<=www)\.", re.IGNORECASE)
_STARTS = re.compile(r"^(\d*)([-+=.)])")


def printed(pack: Pack, suffix: str) -> str:
    """The pack in the form that a file's suffix asks for. Raises KeyError for another suffix."""
    return FORMS[suffix](pack)


def as_json(pack: Pack) -> str:
    """The pack itself, which `byline verify` reads."""
    return json.dumps(pack, ensure_ascii=False, indent=1) + "\n"


# --- Markdown


def as_markdown(pack: Pack) -> str:
    """The answers with Markdown footnotes."""
    blocks = ["# Evidence"]
    for turn, answer in enumerate(pack["answers"], start=1):
        blocks += [f"## {_plain(answer['question'])}"]
        blocks += _said(answer, turn)
        notes = "; ".join(_answer_facts(answer))
        blocks.append(f"Answered by {_plain(notes)}.")
        blocks += [_footnote(item, turn) for item in answer["citations"]]
    blocks.append("---")
    blocks += [f"Pack: {_plain(fact)}" for fact in _pack_facts(pack)]
    return "\n\n".join(blocks) + "\n"


def _said(answer: Mapping[str, Any], turn: int) -> list[str]:
    """What a language model wrote as it is laid out, else sentence by sentence."""
    pairs = laid(answer)
    if pairs:
        return [markdown(pairs, Manner(_inline, partial(_note, turn), _doubt))]
    if not answer["sentences"]:
        return [_plain(answer["answer"])]
    return [_sentence(item, turn) for item in answer["sentences"]]


def laid(answer: Mapping[str, Any]) -> list[Pair]:
    """The elements and sentences of what a language model wrote; empty for other answers."""
    if answer["model"] == EXTRACTIVE:
        return []
    return paired(laid_out(answer["answer"]), [_read(item) for item in answer["sentences"]])


def _read(item: Mapping[str, Any]) -> Sentence:
    """A sentence of a pack; older ones do not say who judged it."""
    judge = item.get("judged_by", RULES)
    return Sentence(
        item["text"],
        tuple(item["citations"]),
        item["support"],
        tuple(item["reasons"]),
        judged_by="" if judge == RULES else str(judge),
    )


def _note(turn: int, number: int) -> str:
    return f"[^{turn}-{number}]"


def _doubt(item: Sentence) -> str:
    said = remark(item)
    return f"*({_plain(said)})*" if said else ""


def _sentence(item: Mapping[str, Any], turn: int) -> str:
    notes = "".join(_note(turn, number) for number in item["citations"])
    return f"{_plain(item['text'])}{notes} {_doubt(_read(item))}".rstrip()


def _footnote(item: Mapping[str, Any], turn: int) -> str:
    """The words of our own at its start keep it from being read as the target of a link."""
    facts = "; ".join(_source_facts(item))
    return f"[^{turn}-{item['number']}]: The words “{_plain(item['quote'])}” — {_plain(facts)}"


def _plain(text: Any) -> str:
    """`text` on one line, with nothing in it that Markdown would read as a mark."""
    return _STARTS.sub(r"\1\\\2", _inline(" ".join(str(text).split())))


def _inline(text: str) -> str:
    """`text` within a line, with nothing in it that Markdown would read as a mark."""
    return _ACTIVE.sub(lambda match: "\\" + match[0], text)


# --- HTML


def as_html(pack: Pack) -> str:
    """The answers on one page with footnotes."""
    return templating.printed(_TEMPLATES, "evidence.html", "page", pack, [*_pack_facts(pack)])


# --- what both say


def _source_facts(item: Mapping[str, Any]) -> Iterator[str]:
    """Who says it, where it stands, and what is odd about it."""
    if item["speaker"]:
        yield f"says {item['speaker']}"
    credits = (item["title"], item["author"], item["outlet"], item["published"])
    yield ", ".join(filter(None, credits)) or "nothing is known of the source"
    page = f", page {item['page']}" if item["page"] else ""
    yield f"file {item['file']}{page}, characters {item['start']}–{item['end']}"
    if item["source"]:
        yield f"SHA-256 of the file {item['source']['sha256']}"
    if item["url"]:
        yield f"published at {item['url']}"
    if item["warning"]:
        yield f"caution: the passage {item['warning']}"


def _answer_facts(answer: Mapping[str, Any]) -> Iterator[str]:
    yield answer["model"]
    searched = answer["searched"]
    limits = f" ({searched['filters']})" if searched["filters"] else ""
    yield f"{searched['articles']} of {searched['of']} articles searched{limits}"
    if answer["dropped_markers"]:
        yield f"left out, since no passage has them: {', '.join(answer['dropped_markers'])}"
    yield from answer.get("notes", ())


def _pack_facts(pack: Pack) -> Iterator[str]:
    software = pack["software"]
    yield f"made {pack['made']} by Byline {software['byline']} with Python {software['python']}"
    for role, model in pack["models"].items():
        if model["sha256"]:
            yield f"{role} model {model['name']}, SHA-256 of its weights {model['sha256']}"
    yield f"articles in {pack['articles']['folder'] or pack['articles']['uploads']}"
    yield f"seal {pack['seal']}"


_TEMPLATES = templating.opened(
    "rag.export",
    weakness=lambda item: remark(_read(item)),
    source_facts=_source_facts,
    answer_facts=_answer_facts,
    laid=laid,
    doubt=remark,
)
FORMS: Mapping[str, Callable[[Pack], str]] = {
    ".json": as_json,
    ".md": as_markdown,
    ".html": as_html,
}

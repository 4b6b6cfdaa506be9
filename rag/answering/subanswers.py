"""A question with several parts: each part's answer under its label, what has none named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answering.citations import marker
from rag.answering.generate import Writing
from rag.schema import Answer, Checked, Citation, Disagreement, Sentence, Token
from rag.text.injection import disarmed


@dataclass(frozen=True, slots=True)
class _Group:
    """Sentences that answer the parts of these labels."""

    labels: tuple[str, ...]
    sentences: tuple[Sentence, ...]


def together(blank: Answer, parts: Sequence[tuple[str, Answer]]) -> Writing:
    """The answer `blank` filled with the answers of its parts, each with its label."""
    numbers: dict[tuple[str, int, int], int] = {}
    kept = [citation for _, given in parts for citation in _new(given.citations, numbers)]
    groups = list[_Group]()
    for label, given in parts:
        groups = _with(groups, label, _said(label, given, numbers))
    lines = list(_labelled(groups))
    for first, sentence in enumerate(lines):
        text = _line(sentence, lines[first - 1] if first else None)
        yield Token(f"\n\n{text}" if first else text)
        yield Checked(sentence)
    return replace(
        blank,
        text="\n\n".join(
            _line(item, lines[at - 1] if at else None) for at, item in enumerate(lines)
        ),
        sentences=tuple(lines),
        citations=tuple(kept),
        disagreements=tuple(
            _renumbered(item, given, numbers) for _, given in parts for item in given.disagreements
        ),
        notes=tuple(dict.fromkeys((*blank.notes, *(n for _, given in parts for n in given.notes)))),
    )


def _new(
    citations: Sequence[Citation], numbers: dict[tuple[str, int, int], int]
) -> Iterator[Citation]:
    """The citations that were not made before, numbered on; `numbers` learns them."""
    for item in citations:
        if _key(item) not in numbers:
            numbers[_key(item)] = len(numbers) + 1
            yield replace(item, number=numbers[_key(item)])


def _key(item: Citation) -> tuple[str, int, int]:
    return item.article.id, item.quote_start, item.quote_end


def _said(
    label: str, given: Answer, numbers: dict[tuple[str, int, int], int]
) -> tuple[Sentence, ...]:
    """A part's sentences with their new numbers; where there is none, a sentence that says so."""
    if given.status != "answered":
        return (Sentence(f"On “{label}” I found no sentence.", (), "supported"),)
    to = {item.number: numbers[_key(item)] for item in given.citations}
    return tuple(
        replace(item, citations=tuple(dict.fromkeys(to[n] for n in item.citations)))
        for item in given.sentences
    )


def _with(groups: list[_Group], label: str, sentences: Sequence[Sentence]) -> list[_Group]:
    """`groups` with one more part: without what was said before, or its label beside another's."""
    said = {item.text: at for at, group in enumerate(groups) for item in group.sentences}
    fresh = tuple(item for item in sentences if item.text not in said)
    if fresh:
        return [*groups, _Group((label,), fresh)]
    at = said[sentences[0].text]
    shared = replace(groups[at], labels=(*groups[at].labels, label))
    return [*groups[:at], shared, *groups[at + 1 :]]


def _labelled(groups: Sequence[_Group]) -> Iterator[Sentence]:
    """The sentences with the label of their part; where one group answers all, it needs none."""
    for group in groups:
        label = "; ".join(group.labels) if len(groups) > 1 else ""
        for item in group.sentences:
            none = not item.citations and item.text.startswith("On “")
            yield item if none else replace(item, part=label)


def _line(sentence: Sentence, before: Sentence | None) -> str:
    """The sentence as printed, under its label where that is a new one."""
    text = f"{disarmed(sentence.text)} {''.join(map(marker, sentence.citations))}".strip()
    new = sentence.part and (before is None or before.part != sentence.part)
    return f"{sentence.part}:\n{text}" if new else text


def _renumbered(
    item: Disagreement, given: Answer, numbers: dict[tuple[str, int, int], int]
) -> Disagreement:
    to = {each.number: numbers[_key(each)] for each in given.citations}
    return replace(item, sides=tuple(replace(s, number=to[s.number]) for s in item.sides))

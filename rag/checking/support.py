"""Is a sentence borne out by the passages it cites? No language model is asked.

Its figures, dates, names and quoted words must stand in the cited text and belong there to the
same things and persons; no word of it may be turned round; and some of its other words must be
there. Each comparison has its own file: `cited_figures`, `cited_dates`, `cited_names`, `binding`,
`quotations`, `attributed`, `opposites`, `cited_limits`; and `other_language` what of it holds for
other languages than English.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.checking import (
    binding,
    cited_dates,
    cited_figures,
    cited_limits,
    cited_names,
    opposites,
    other_language,
)
from rag.checking import figures as figuring
from rag.checking.atoms import Atom, atoms
from rag.checking.attributed import by_others
from rag.checking.binding import Told, share
from rag.checking.opposites import Line
from rag.checking.quotations import wrong_quotations
from rag.checking.sources import Evidence, Source, printed, source
from rag.schema import Hit, Support
from rag.text.language import written_in
from rag.text.words import fold

NO_CITATION = "no citation"
OTHER_LANGUAGE = "not checked: other language"  # beside "supported": nothing speaks against it
FROM_ELSEWHERE = "its words are not in the cited text"
_FEW, _FEWER = 0.4, 0.34  # of what a sentence names; less in the passages: it is of something else
_FEWEST = 4  # things; of fewer nothing follows
_LIKE = 0.4  # of what a sentence names; a sentence of a passage with less is no source of it


def check(
    sentence: str, hits: Sequence[Hit], language: str | None = None
) -> tuple[Support, tuple[str, ...]]:
    """Hold `sentence` (markers removed) against the passages it cites.

    `language` (ISO 639-1) is that of the text it is from; None: its own words tell, if they can.
    Returns the verdict and, unless it is "supported", the reasons in plain words. A sentence of
    a cited passage, word for word, is always supported. What is in another language than a passage
    is checked by figures, dates, names and quoted words alone; `OTHER_LANGUAGE` says so beside
    "supported".
    """
    if not hits:
        return "unsupported", (NO_CITATION,)
    folded = fold(sentence)
    if any(folded in printed(hit.passage, hit.article) for hit in hits):
        return "supported", ()
    sources = [source(hit.passage, hit.article) for hit in hits]
    spoken = language or written_in(sentence)
    theirs = {item.language for item in sources} - {None}
    if spoken and theirs and {spoken} | theirs != {"en"}:
        return _in_other_languages(sentence, spoken, sources)
    evidence = Evidence.of(sources)
    claim = Line.of(sentence)
    things = [one for one in atoms(sentence, evidence.cased) if one.kind != "pronoun"]
    best = max(evidence.told, key=lambda line: line.share(things))
    wrong = [*_wrong(claim, things, hits, sources, evidence)]
    doubtful = [*_doubtful(claim, things, sources, evidence, best)]
    if _is_from_elsewhere(things, evidence):
        wrong.append(FROM_ELSEWHERE)
    reasons = [*dict.fromkeys((*wrong, *doubtful))]
    if reasons and best.share(things) >= _LIKE and not any(best.text in why for why in reasons):
        reasons.append(f"the nearest sentence there is “{best.text}”")
    verdict: Support = "unsupported" if wrong else "partial" if doubtful else "supported"
    return verdict, tuple(reasons)


def _in_other_languages(
    sentence: str, spoken: str, sources: Sequence[Source]
) -> tuple[Support, tuple[str, ...]]:
    """What `check` returns where the sentence or a passage is not in English."""
    same = all(item.language in (spoken, None) for item in sources)
    read = {spoken, *(item.language for item in sources if item.language)} <= other_language.READ
    if not read:
        return "supported", () if same else (OTHER_LANGUAGE,)
    wrong = tuple(dict.fromkeys(other_language.wrong(sentence, spoken, sources)))
    doubts = tuple(dict.fromkeys(other_language.doubtful(sentence, spoken, sources)))
    if same:
        evidence = Evidence.of(sources)
        things = [one for one in atoms(sentence, evidence.cased) if one.kind != "pronoun"]
        if _is_from_elsewhere(things, evidence):
            return "unsupported", (*wrong, FROM_ELSEWHERE)
    if wrong:
        return "unsupported", (*wrong, *doubts)
    if doubts:
        return "partial", doubts
    return "supported", () if same else (OTHER_LANGUAGE,)


def _is_from_elsewhere(things: Sequence[Atom], evidence: Evidence) -> bool:
    """Whether so little of what a sentence names is there that it tells of something else."""
    has_hard = any(item.is_hard and not share([item], evidence.told) for item in things)
    few = _FEW if has_hard else _FEWER
    return len(things) >= _FEWEST and share(things, evidence.told) < few


def _wrong(
    claim: Line,
    things: Sequence[Atom],
    hits: Sequence[Hit],
    sources: Sequence[Source],
    evidence: Evidence,
) -> Iterator[str]:
    """Reasons each of which is enough for "unsupported"."""
    yield from wrong_quotations(claim.text, hits, evidence.folded)
    dates = cited_dates.mentions(claim.text, None)
    own = figuring.read(cited_dates.without(claim.text, dates))
    told = cited_figures.Wording(frozenset(word.stem for word in claim.words), evidence.stems)
    yield from cited_figures.wrong_figures(own, evidence.figures, told)
    yield from cited_figures.crossed(own, evidence.figures)
    yield from _wrong_dates(claim.text, sources, relative=False)
    near = opposites.nearest(claim, evidence.lines)
    for turn in opposites.turned(claim, near, evidence.places):
        yield f"the source says {turn}"
    credits = fold(" ".join(hit.article.credits for hit in hits))
    for item, other, line in binding.misplaced(things, evidence.told):
        if fold(item.text) in credits:
            continue  # the outlet and the author say it all
        yield f"the source says it of {other.text}, not {item.text}: “{line.text}”"
    for name, item, line in binding.unjoined(things, evidence.told):
        yield f"the cited text does not give {item.text} for {name.text}: “{line.text}”"
    for one, item, line in binding.elsewhere(things, evidence.told, claim.text):
        yield f"the cited text does not have {one.text} at {item.text}: “{line.text}”"
    for one, item, line in binding.torn(things, evidence.told):
        yield f"the cited text does not give {item.text} with {one.text}: “{line.text}”"
    yield from by_others(claim.text, things, evidence.told)


def _doubtful(
    claim: Line,
    things: Sequence[Atom],
    sources: Sequence[Source],
    evidence: Evidence,
    best: Told,
) -> Iterator[str]:
    """Reasons that leave the sentence partly supported."""
    passages = [item.shown for item in sources]
    articles = list(dict.fromkeys(item.article.text for item in sources))
    yield from cited_names.wrong_names(claim.text, passages, articles, evidence.cased)
    yield from _wrong_dates(claim.text, sources, relative=True)
    if best.share(things) >= _LIKE:
        for limit in cited_limits.dropped(claim.text, things, best):
            yield f"the source says “{limit}”: “{best.text}”"


def _wrong_dates(sentence: str, sources: Sequence[Source], *, relative: bool) -> Iterator[str]:
    """The dates that no passage bears out: relative ones are read by each article's own date."""
    found = [
        [
            reason
            for claim in cited_dates.mentions(sentence, source.article.published)
            if claim.relative is relative
            for reason in cited_dates.wrong_dates([claim], source.dates)
        ]
        for source in sources
    ]
    yield from (reason for reason in found[0] if all(reason in other for other in found))

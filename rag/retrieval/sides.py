"""Between whom or what a question compares, read from its words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.retrieval.query import Query
from rag.retrieval.topics import topic_words, without
from rag.text.words import without_possessive

_SAY = (
    r"(?:says?|said|thinks?|thought|argues?|argued|claims?|claimed|feels?|sees?|views?|wants?|writes?"
    r"|wrote|reports?|reported|believes?|describes?|puts?|estimates?|suggests?|proposes?)"
)
_VIEW = (
    r"(?:views?|positions?|opinions?|stances?|arguments?|takes?|attitudes?|statements?|figures?"
    r"|accounts?|versions?|lines?)"
)
_ON = r"(?:about|on|of|over|regarding|concerning|towards?|to|for)"
_WHO_ON = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_VIEW}\s+(?:of|by|from|between)\s+(?P<who>.+?)\s+{_ON}\s+(?P<on>.+)$",
        rf"(?P<who>\S[^?]*?['’]s?)\s+(?:\w+\s)?{_VIEW}\s+{_ON}\s+(?P<on>.+)$",
        rf"\b(?:what|how|whether|where|do|does|did)\s+(?P<who>.+?)\s+{_SAY}\s+(?:{_ON}\s+)?(?P<on>.*)$",
        rf"\b(?:how|where)\s+do\s+(?P<who>.+?)\s+(?:differ|disagree|agree)\s+(?:{_ON}\s+)?(?P<on>.*)$",
        r"\bdifferences?\s+between\s+(?P<who>.+?)\s+(?:on|over|about|regarding)\s+(?P<on>.+)$",
        r"^compare\s+(?P<who>.+?)\s+(?:on|over|about|regarding)\s+(?P<on>.+)$",
    )
)
_APART = re.compile(
    r"\s*,\s*(?:and\s+)?|\s+(?:and|or|versus|vs\.?|compared (?:to|with)|with|to)\s+", re.I
)
_AGAINST = re.compile(
    r",?\s+(?:(?:as )?compared (?:to|with)|versus|vs\.?|as opposed to|in contrast (?:to|with)"
    r"|against)\s+",
    re.IGNORECASE,
)
_PHRASE = re.compile(
    r"^(?:(?:compare|contrast|what|how|is|are|was|were|do|does|did|both|the|that|of|tell me|please"
    r"|side by side)\s+)+",
    re.IGNORECASE,
)
_EVERYBODY = re.compile(
    r"(?:(?:all|different|various|several|each|other|two|three|four|five|of|the|these|those)\s+)*"
    r"(?:authors?|writers?|articles?|outlets?|papers?|newspapers?|sources?|columnists?|journalists?"
    r"|commentators?|experts?|everybody|everyone|people|they|pieces|texts|media|press|sides?|parties)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sides:
    """Whose words are to stand side by side (empty: every source's), and on which topics.

    `names`: people, outlets or groups as the question writes them.
    """

    names: tuple[str, ...]
    topics: tuple[str, ...]


def sides(query: Query) -> Sides:
    """Who or what a comparison is between: "what A and B say about X", "A's view on X and Y"."""
    text = query.text.strip(" ?.!")
    match = next((found for pattern in _WHO_ON if (found := pattern.search(text))), None)
    if match is None:
        return Sides(query.names, (topic_words(query),))
    who = [_bare(item) for item in _APART.split(match["who"])]
    names = tuple(item for item in who if item and not _EVERYBODY.fullmatch(item))
    on = [_bare(item) for item in _AGAINST.split(match["on"] or "")]
    topics = tuple(item for item in on if item) or (without(topic_words(query), names),)
    return Sides(names if len(names) == len(who) else (), topics)


def _bare(words: str) -> str:
    """A side without what opens its phrase, and without the ending of a possessive."""
    return without_possessive(_PHRASE.sub("", words.strip(" ,.?")).strip())

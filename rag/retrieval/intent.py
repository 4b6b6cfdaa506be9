"""What kind of answer a question asks for, which decides what it is written from and by whom."""

from __future__ import annotations

import re
from typing import Literal, get_args

Intent = Literal["fact", "summary", "timeline", "comparison", "overview", "catalogue", "talk"]
INTENTS: tuple[Intent, ...] = get_args(Intent)
UNSEARCHED: frozenset[Intent] = frozenset(("overview", "talk"))  # no passage answers these


def recognised(text: str) -> Intent:
    """What a question asks for."""
    wanted: tuple[tuple[Intent, str], ...] = (
        (
            "timeline",
            r"timeline|chronolog|step by step|how did it come|(?:sequence|order) of events",
        ),
        ("comparison", r"\bcompare|the (?:authors|outlets|papers) (?:think|say)|\bdiffer|versus"),
        ("summary", r"summar|\bgist\b|recap|(?:main|key) (?:points|arguments|takeaways)"),
        ("summary", r"what happened (?:to|with|at|in)|what's the story|nutshell|does .* argue\W*$"),
        ("summary", r"what (?:is|are) .*(?:article|piece|column|interview|text)\b.* about\W*$"),
    )
    return next((kind for kind, words in wanted if re.search(words, text, re.IGNORECASE)), "fact")

"""What kind of answer a question asks for, which decides what it is written from and by whom."""

from __future__ import annotations

import re
from typing import Literal, get_args

Intent = Literal["fact", "summary", "timeline", "comparison", "overview", "catalogue", "talk"]
INTENTS: tuple[Intent, ...] = get_args(Intent)
UNSEARCHED: frozenset[Intent] = frozenset(("overview", "talk"))  # no passage answers these


def recognised(text: str) -> Intent:
    """What a question asks for."""
    found: tuple[tuple[Intent, str], ...] = (
        ("timeline", r"\btime ?line|chronolog|step by step|how did it come|sequence of events|order of events|in order\b"),
        ("comparison", r"\bcompare|the (?:authors|columnists|outlets|papers) (?:think|say)|\bcompared|\bdiffer|versus|vs\.?\b|views? of .* and"),
        ("summary", r"^(?:please |can you |could you )?(?:give me (?:a |the )?)?(?:summar|key points|main (?:points|arguments)|recap|tl;?dr|gist|brief)|what (?:is|are|does|do|was) .*(?:about|argue|main (?:arguments?|points?|idea)|key (?:points|takeaways))\W*$|main arguments|main points|what happened (?:to|with|at|in)|what's the story|in a nutshell|what does .* argue|summary of|key (?:points|takeaways)|what is going on"),
    )
    return next((kind for kind, words in found if re.search(words, text, re.IGNORECASE)), "fact")

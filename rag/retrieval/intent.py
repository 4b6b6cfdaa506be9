"""What kind of answer a question asks for, which decides what it is written from and by whom."""

from __future__ import annotations

from typing import Literal, get_args

Intent = Literal["fact", "summary", "timeline", "overview", "catalogue", "talk"]
INTENTS: tuple[Intent, ...] = get_args(Intent)
UNSEARCHED: frozenset[Intent] = frozenset(("overview", "talk"))  # no passage answers these

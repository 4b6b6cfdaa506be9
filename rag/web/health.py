"""Whether the process lives (/healthz), and whether a question could be answered now (/readyz)."""

from __future__ import annotations

from rag.resources import Resources


def trouble(resources: Resources, *, queue_runs: bool, to_strangers: bool) -> str | None:
    """Say in a sentence why no question could be answered now; None if one could.

    With `to_strangers` no folder is named: nobody who asks has signed in.
    """
    if not queue_runs:
        return "The queue of questions has stopped."
    if not resources.loaded:
        return "The models are still loading."
    wrong = resources.index.trouble()
    if wrong and to_strangers:
        return "The index cannot be asked: byline doctor says why."
    return wrong

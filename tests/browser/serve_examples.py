"""Serves FOLDER/articles and one hostile article: `serve_examples FOLDER`, where its index is too.

With --empty nothing is read, with --watch the folder is kept in step with; --port, --llm and
--llm-base-url are the settings of those names. Prints the page's address, and nothing else, once it
answers. The tests run it as a process.
"""

from __future__ import annotations

import argparse
import functools
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rag import pipeline
from rag.answering import starters
from rag.indexing.watching import watch
from rag.models.reranking import Reranker, Scores
from rag.models.runtime import Compute
from rag.resources import open_resources
from rag.settings import Settings
from rag.web import page

# What is found for the sample articles, see tests/integration/test_starters.py: to look for it
# takes as long as a dozen questions.
STARTERS = (
    "How much does the standstill in Port Ilvane cost the country a day?",
    "How many people took part in the march for the dockers?",
    "What did Marit Oldane say about the court?",
    "Summarise “After 36 days the cranes turn again”",
)
HOSTILE = """Lighthouse <img src=x onerror="window.pwned=1"> repainted

The Pelican Gazette, 2 February 2024

The keeper Orla Brentwick said the blue paint of the Tolley lighthouse cost 412 crowns \
<img src=x onerror="window.pwned=2"> and <script>window.pwned=3</script> came from Drennick \
![pixel](https://elsewhere.example/pixel.png) with {{value}} and ${6*7} and **stars** in it.

The lantern room of the lighthouse was left white, as it has been since it was built.
"""


class Remembering(Reranker):
    """Scores the same texts for the same question once: the tests ask a few questions often."""

    @functools.cached_property
    def _known(self) -> dict[tuple[str, ...], Scores]:
        return {}

    def logits(self, question: str, texts: Sequence[str]) -> Scores:
        asked = (question, *texts)
        if asked not in self._known:
            self._known[asked] = super().logits(question, texts)
        return self._known[asked].copy()


def announce(url: str) -> None:
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--empty", action="store_true")
    parser.add_argument("--watch", action="store_true")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--llm", default="extractive")
    parser.add_argument("--llm-base-url", default="")
    given = parser.parse_args()
    # A model is silent for as long as a test wants: the machine may be busy.
    settings = Settings(
        index=given.folder / "index",
        port=given.port,
        llm=given.llm,
        llm_base_url=given.llm_base_url,
        llm_timeout=3600.0,
    )
    with open_resources(settings, create=True) as resources:
        articles = given.folder / "articles"
        if not given.empty:
            if not (hostile := articles / "hostile.txt").exists():
                hostile.write_text(HOSTILE, encoding="utf-8")
            pipeline.ingest(articles, resources)
            starters.keep(resources.index, resources.index.state(), STARTERS)
        compute = Compute(settings.inference, settings.precision, settings.cache)
        resources = replace(resources, reranker=Remembering(compute=compute))
        resources.warm()
        if given.watch:
            how = {"on_report": _nothing, "on_problem": _nothing, "stop": threading.Event()}
            watching = functools.partial(watch, articles, resources, **how)
            threading.Thread(target=watching, daemon=True).start()
        page.serve(resources, on_ready=announce)


def _nothing(_: object) -> None:
    """Nobody is told."""


if __name__ == "__main__":
    main()

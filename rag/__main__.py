"""`python -m rag` is `byline`."""

from rag.cli import run

run()

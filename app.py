"""The page: `python app.py` is `byline serve`, and takes the same folder and flags."""

from __future__ import annotations

import sys

from rag.cli import run

if __name__ == "__main__":
    sys.argv.insert(1, "serve")
    run()

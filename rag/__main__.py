"""`python -m rag` is `byline`."""

from rag.cli import main

raise SystemExit(main())

"""Byline in other programs' terms. May import `rag.pipeline` and what it stands on."""

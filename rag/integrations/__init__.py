"""Byline in other programs' terms.

May import `rag.export`, `rag.pipeline` and what they stand on.
"""

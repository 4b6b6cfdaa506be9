"""Answers for elsewhere: the JSON contract, evidence packs, footnotes, CSV, feedback.

Decides nothing. May import `rag.answering` and `rag.indexing`.
"""

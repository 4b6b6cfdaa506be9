"""Hits become an Answer: whether to answer at all, and one writer for each kind of question.

Knows no page and no command line. May import `rag.retrieval`, `rag.checking`, `rag.speakers`,
`rag.models` and `rag.text`.
"""

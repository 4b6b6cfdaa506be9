"""Answers for elsewhere: the JSON contract, evidence packs, footnotes, CSV, feedback.

Decides nothing. `templating` opens the HTML templates of this room and of others. May import
`rag.answering` and `rag.indexing`.
"""

"""Who speaks where in an article: its people, its quotation marks, its reporting clauses.

`rag/speakers/attribution.py` puts them together.
"""

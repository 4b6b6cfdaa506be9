"""A folder of files becomes an index and stays in step with it: copies, uploads, fetching.

Knows files and the index; no questions. May import `rag.articles`, `rag.models`, `rag.resources`.
"""

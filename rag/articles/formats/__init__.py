"""One module for each family of file formats: bytes in, drafts of articles out.

Knows one format at a time and nothing of where a file lies. May import `rag.text` and what
`rag.articles` has for all formats (drafts, bylines, metadata, assembling).
"""

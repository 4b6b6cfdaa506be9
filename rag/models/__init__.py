"""What is learnt: the embedding model, the reranker, the language model and what it is told.

Knows texts and vectors; no article folder, no index. May import `rag.text` and `rag.settings`.
"""

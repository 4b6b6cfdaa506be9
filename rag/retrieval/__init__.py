"""A question becomes Hits: it is read once, searched densely and by words, fused and reranked.

Does not know what is answered from them. May import `rag.models`, `rag.speakers`, `rag.text`,
`rag.resources`.
"""

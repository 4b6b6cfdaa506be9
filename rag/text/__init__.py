"""Words: sentences, names, dates, quotation marks, and the word lists in `lexicon/`.

Knows strings and offsets; no article, no question, no index. May import `rag.schema`.
"""

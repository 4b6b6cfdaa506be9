"""What is compared when a sentence is held against the passages it cites: one file for each.

`rag/checking/support.py` puts them together.
"""

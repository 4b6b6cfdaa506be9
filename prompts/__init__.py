"""The prompts, as text. `rag/models/prompts.py` loads and checks them."""

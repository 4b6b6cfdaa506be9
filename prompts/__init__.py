"""The prompts, as text. `rag/prompting.py` loads and checks them."""

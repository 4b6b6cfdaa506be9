"""Whether what a question asks for is understood: its intent, and its language."""

"""How fast, how large, and how both grow."""

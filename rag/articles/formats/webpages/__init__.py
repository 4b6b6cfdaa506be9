"""Saved web pages, in whatever file; feeds, e-books and notes, whose text is HTML."""

"""Hostile input and bad days, against the real thing.

What must hold of folders (`test_folders`: links, pipes, odd names, an index inside, nothing left)
and of characters (`test_odd_bytes`: in questions, consoles, paths, the environment): each costs at
most one file or line, never the run and nothing that is stored; what is not read is named.
"""

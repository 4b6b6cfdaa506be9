"""Hostile input and bad days, against the product as it is run, and what must hold all the same.

`test_folders`: article folders with links, pipes, odd names, an index inside, or nothing left in
them. `test_odd_bytes`: bytes and characters that questions, consoles and the environment should
not hold. What must hold: each costs at most one file or line, never the run, and nothing that is
stored; what was not read is named with the reason.
"""

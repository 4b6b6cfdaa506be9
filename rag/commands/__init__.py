"""What each command of `byline` does; its flags are in `rag.cli`, which loads the one asked for.

Prints and returns exit codes; decides nothing. May import all but `rag.cli`.
"""

"""Hostile input and bad days, against the real thing."""

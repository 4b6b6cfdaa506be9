"""Summaries of one article beside its first sentences, by ROUGE against what editors wrote."""

import pytest

from benchmarks.summaries.rouge import rouge_l, rouge_n


def test_the_textbook_example() -> None:
    """Lin (2004): "police kill the gunman" against "police killed the gunman"."""
    assert rouge_n("police kill the gunman", "police killed the gunman", 1) == 0.75
    assert rouge_n("police kill the gunman", "police killed the gunman", 2) == pytest.approx(1 / 3)
    assert rouge_l("police kill the gunman", "police killed the gunman") == 0.75
    assert rouge_l("the gunman kill police", "police killed the gunman") == 0.5


def test_a_word_counts_no_more_often_than_it_stands_in_the_reference() -> None:
    assert rouge_n("the the the the", "the cat", 1) == pytest.approx(1 / 3)
    assert rouge_n("", "the cat", 1) == rouge_l("the cat", "") == 0.0

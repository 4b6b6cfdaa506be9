"""Batches are encoded and stored in threads, in order, and errors come to who gives them."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from rag.indexing.lane import Batch, Lane, Stopped
from rag.models.embedding import Vectors
from rag.schema import FileRecord

NOTHING: Vectors = np.zeros((0, 2), np.float32)


def batch(name: str, *articles: str, before: tuple[str, ...] = ()) -> Batch:
    made = Batch()
    made.finish(FileRecord(name, "", 0, 0, articles), list(articles), before)
    return made


def test_what_is_given_is_stored_in_order_while_the_next_is_encoded() -> None:
    stored, second_began = list[str](), threading.Event()

    def encode(given: Batch) -> Vectors:
        if given.files[0][0].path == "b":
            second_began.set()
        return NOTHING

    def store(given: Batch, _: Vectors) -> None:
        assert second_began.wait(30)
        stored.append(given.files[0][0].path)

    with Lane(encode, store) as lane:
        for name in "abcde":
            lane.give(batch(name))
            lane.pause()
            assert len(lane.under_way) <= 2
        lane.drain()
        assert not lane.under_way
    assert stored == list("abcde")


def test_what_fails_is_raised_to_the_giver_and_nothing_behind_it_is_stored() -> None:
    stored = list[str]()

    def store(given: Batch, _: Vectors) -> None:
        if given.files[0][0].path == "b":
            raise ValueError("the disk is full")
        stored.append(given.files[0][0].path)

    def given() -> None:
        with Lane(lambda _: NOTHING, store) as lane:
            for name in "abc":
                lane.give(batch(name))
            lane.drain()

    with pytest.raises(ValueError, match="disk is full"):
        given()
    assert stored == ["a"]


def test_after_an_error_of_the_giver_the_encoder_stops() -> None:
    began, seen = threading.Event(), list[str]()

    def encode(_: Batch) -> Vectors:
        began.set()
        while True:
            try:
                lane.go_on()
            except Stopped:
                seen.append("stopped")
                raise

    lane = Lane(encode, lambda *_: seen.append("stored"))

    def interrupted() -> None:
        with lane:
            lane.give(batch("a"))
            assert began.wait(30)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert seen == ["stopped"]


def test_a_batch_knows_what_its_files_have_no_more() -> None:
    assert batch("a", "x", "y", before=("x", "z")).leaving == {"z"}

"""Who answers, and who waits for it."""

from __future__ import annotations

import threading

from rag.web.conversation import Exchange, Waiting, advanced
from rag.web.html.answers import turn
from rag.web.room import _Line


def test_places_are_given_in_the_order_of_coming() -> None:
    line = _Line(2)
    first, second, third, fourth = (line.join() for _ in range(4))
    assert [line.ahead(each, 0.0) for each in (first, second, third, fourth)] == [0, 0, 2, 3]
    line.leave(second)
    assert [line.ahead(each, 0.0) for each in (first, third, fourth)] == [0, 0, 2]
    line.leave(fourth)  # gave up
    fifth = line.join()
    assert line.ahead(fifth, 0.0) == 2


def test_who_waits_is_let_in_when_a_place_is_left() -> None:
    line = _Line(1)
    first, second = line.join(), line.join()
    threading.Timer(0.05, line.leave, [first]).start()
    assert line.ahead(second, 30.0) == 0


def test_who_waits_is_told_how_many_are_ahead() -> None:
    for ahead, words in ((1, "1 person is ahead of you."), (12, "12 people are ahead of you.")):
        assert words in turn(advanced(Exchange("Who?"), Waiting(ahead)), 1)


def test_what_nobody_waits_for_gives_way_to_who_asks() -> None:
    line, done = _Line(2), threading.Event()
    ticket = line.join()

    def aside() -> None:
        line.wait_until_empty()
        done.set()

    threading.Thread(target=aside, daemon=True).start()
    assert not done.is_set()
    line.leave(ticket)
    assert done.wait(30.0)

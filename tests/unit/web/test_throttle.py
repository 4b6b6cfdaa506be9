"""Wrong logins cost waits that grow; nobody's wrong logins cost somebody else his."""

from __future__ import annotations

import pytest

from rag.web import throttle
from rag.web.throttle import Rule, Throttle, network


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def doors(clock: Clock) -> Throttle:
    return Throttle(clock)


def fail(doors: Throttle, clock: Clock, name: str, client: str, times: int) -> int:
    """Fail as soon as it is allowed, again and again; the wait after the last time."""
    for _ in range(times):
        clock.now += doors.seconds_left(name, client)
        doors.wrong(name, client)
    return doors.seconds_left(name, client)


def test_the_wait_doubles_up_to_its_most() -> None:
    waits = [Rule(free=3, most=10).wait(n) for n in range(9)]
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 10]
    assert Rule(free=3, most=10).wait(10**6) == 10


def test_the_first_slips_are_free_and_then_the_wait_grows(doors: Throttle, clock: Clock) -> None:
    assert fail(doors, clock, "anna", "10.0.0.1", 3) == 0
    waits = [fail(doors, clock, "anna", "10.0.0.1", 1) for _ in range(12)]
    assert waits == sorted(waits)
    assert waits[:3] == [1, 2, 4]
    assert waits[-1] == 900


def test_a_stranger_does_not_lock_a_user_out(doors: Throttle, clock: Clock) -> None:
    fail(doors, clock, "anna", "10.0.0.66", 50)
    assert doors.seconds_left("anna", "10.0.0.1") == 0
    # Not even when she mistypes it first.
    doors.wrong("anna", "10.0.0.1")
    assert doors.seconds_left("anna", "10.0.0.1") == 0


def test_many_strangers_make_it_slower_for_strangers(doors: Throttle, clock: Clock) -> None:
    for n in range(30):
        doors.wrong("anna", f"10.0.1.{n}")
    doors.wrong("anna", "10.0.2.1")
    assert doors.seconds_left("anna", "10.0.2.1") == 0
    doors.wrong("anna", "10.0.2.1")
    assert doors.seconds_left("anna", "10.0.2.1") == throttle.NAME.most


def test_one_address_cannot_try_name_after_name(doors: Throttle, clock: Clock) -> None:
    for n in range(11):
        assert doors.seconds_left(f"user{n}", "10.0.0.66") == 0
        doors.wrong(f"user{n}", "10.0.0.66")
    assert doors.seconds_left("another", "10.0.0.66") == 1
    assert doors.seconds_left("another", "10.0.0.1") == 0
    assert fail(doors, clock, "another", "10.0.0.66", 30) > 0
    # In the same office: who signed in there before is not held up.
    colleague = doors.wrong("anna", "10.0.0.1")
    doors.right(colleague)
    fail(doors, clock, "bob", "10.0.0.1", 40)
    assert doors.seconds_left("carl", "10.0.0.1") > 0
    assert doors.seconds_left("anna", "10.0.0.1") == 0


def test_an_account_of_his_own_frees_nobody(doors: Throttle, clock: Clock) -> None:
    doors.right(doors.wrong("mallory", "10.0.0.66"))
    for n in range(11):
        doors.wrong(f"user{n}", "10.0.0.66")
    before = doors.seconds_left("another", "10.0.0.66")
    assert before > 0
    assert doors.seconds_left("mallory", "10.0.0.66") == 0
    doors.right(doors.wrong("mallory", "10.0.0.66"))
    assert doors.seconds_left("another", "10.0.0.66") == before


def test_many_at_once_are_counted_before_they_are_checked(doors: Throttle) -> None:
    attempts = [doors.wrong("anna", "10.0.0.1") for _ in range(4)]
    assert doors.seconds_left("anna", "10.0.0.1") > 0
    for attempt in attempts:
        doors.unchecked(attempt)
    assert doors.seconds_left("anna", "10.0.0.1") == 0


def test_the_right_password_clears_the_count(doors: Throttle, clock: Clock) -> None:
    fail(doors, clock, "anna", "10.0.0.1", 5)
    clock.now += 60
    doors.right(doors.wrong("anna", "10.0.0.1"))
    assert fail(doors, clock, "anna", "10.0.0.1", 3) == 0


def test_wrong_logins_are_forgotten(doors: Throttle, clock: Clock) -> None:
    fail(doors, clock, "anna", "10.0.0.1", 9)
    clock.now += throttle.FORGOTTEN
    assert fail(doors, clock, "anna", "10.0.0.1", 3) == 0


def test_memory_is_bounded(doors: Throttle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "HELD", 50)
    for n in range(500):
        doors.right(doors.wrong(f"right{n}", f"10.1.{n // 250}.{n % 250}"))
        doors.wrong(f"user{n}", f"10.0.{n // 250}.{n % 250}")
    assert all(len(held) <= 50 for held in [*doors._tried.values(), doors._right])


@pytest.mark.parametrize(
    ("client", "stands_for"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_one_client_is_one_network(client: str, stands_for: str) -> None:
    assert network(client) == stands_for

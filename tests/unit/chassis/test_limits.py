"""Limits: so many at once, so many a second, each caller for itself, and never more memory than agreed."""

import pytest

from chassis import limits
from chassis.limits import Buckets, Limits, networks
from chassis.refusals import Exhausted, NotNow


class Watch:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


def _allowed(buckets: Buckets, key: str, tries: int) -> int:
    done = 0
    for _ in range(tries):
        try:
            buckets.take(key)
        except Exhausted:
            continue
        done += 1
    return done


def _limits(watch: Watch, **changes: object) -> Limits:
    usual: dict[str, object] = {"calls_per_second": 10, "open_calls_per_second": 2, "posts_per_minute": 3, "now": watch}
    return Limits(**usual | changes)  # type: ignore[arg-type]  # the keywords of Limits, some replaced


def test_a_caller_may_ask_a_burst_at_once_and_then_as_fast_as_the_bucket_fills() -> None:
    watch = Watch()
    buckets = Buckets(5, 10, watch)
    assert _allowed(buckets, "a", 30) == 10
    watch.seconds += 1
    assert _allowed(buckets, "a", 30) == 5
    watch.seconds += 3_600
    assert _allowed(buckets, "a", 30) == 10


def test_who_is_refused_is_told_when_the_next_call_is_due() -> None:
    watch = Watch()
    buckets = Buckets(0.5, 1, watch)
    buckets.take("a")
    with pytest.raises(Exhausted, match="RATE_LIMITED") as caught:
        buckets.take("a")
    assert caught.value.retry_after == pytest.approx(2)
    watch.seconds += caught.value.retry_after
    buckets.take("a")


def test_refused_calls_do_not_push_the_next_one_away() -> None:
    watch = Watch()
    buckets = Buckets(1, 1, watch)
    assert _allowed(buckets, "a", 100) == 1
    watch.seconds += 1
    assert _allowed(buckets, "a", 100) == 1


def test_one_caller_takes_nothing_from_another() -> None:
    buckets = Buckets(1, 2, Watch())
    assert (_allowed(buckets, "a", 9), _allowed(buckets, "b", 9)) == (2, 2)


def test_zero_is_no_limit() -> None:
    assert _allowed(Buckets(0, 0, Watch()), "a", 1_000) == 1_000


def test_the_least_recently_seen_is_forgotten_so_that_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST", 3)
    buckets = Buckets(1, 1, Watch())
    for key in ("a", "b", "c", "a", "d"):
        _allowed(buckets, key, 1)
    assert len(buckets._filled) == 3
    assert [_allowed(buckets, key, 1) for key in ("a", "b")] == [0, 1]


def test_who_has_a_token_is_counted_by_its_sub_wherever_it_calls_from() -> None:
    both = _limits(Watch())
    for number in range(20):
        both.call("anna", f"10.0.0.{number}")
    with pytest.raises(Exhausted):
        both.call("anna", "10.0.1.1")
    both.call("bodo", "10.0.1.1")
    both.call("", "10.0.1.1")


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("10.0.0.1", "::ffff:10.0.0.1", True),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
    ],
)
def test_who_has_no_token_is_counted_by_address(first: str, second: str, same: bool) -> None:
    open_calls = _limits(Watch(), open_calls_per_second=0.1)
    open_calls.call("", first)
    if same:
        with pytest.raises(Exhausted):
            open_calls.call("", second)
    else:
        open_calls.call("", second)


def test_forms_are_counted_more_strictly_than_pages() -> None:
    pages = _limits(Watch(), open_calls_per_second=50)
    for _ in range(3):
        pages.form("10.0.0.1")
    with pytest.raises(Exhausted) as caught:
        pages.form("10.0.0.1")
    assert caught.value.retry_after == pytest.approx(20)
    pages.page("10.0.0.1")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", "10.9.8.7", "", "testclient"])
def test_uncounted_networks_and_sockets_of_this_machine_are_not_limited(address: str) -> None:
    limited = _limits(Watch(), uncounted=networks("127.0.0.0/8, ::1/128,10.9.0.0/16"))
    for _ in range(100):
        limited.call("", address)
        limited.call("anna", address)
        limited.page(address)
        limited.form(address)
        limited.link(address, "/unsubscribe/a")


def test_what_is_no_network_is_refused() -> None:
    assert networks("") == ()
    with pytest.raises(ValueError, match="does not appear"):
        networks("localhost")


def _try(limited: Limits, reason: str, address: str = "10.0.0.1") -> str:
    """Try a secret and be refused with this reason, or with none; answers the reason."""
    try:
        with limited.guessing(address, ("WRONG",)):
            if reason:
                raise NotNow(reason, "No.")
    except (NotNow, Exhausted) as refusal:
        return refusal.reason
    return ""


def test_wrong_guesses_are_counted_and_right_ones_and_other_refusals_are_not() -> None:
    watch = Watch()
    limited = _limits(watch, guesses_per_minute=3)
    assert [_try(limited, reason) for reason in ("", "CLOSED", "") * 9] == ["", "CLOSED", ""] * 9
    assert [_try(limited, "WRONG") for _ in range(4)] == ["WRONG"] * 3 + ["RATE_LIMITED"]
    assert (_try(limited, ""), _try(limited, "", "10.0.0.2")) == ("RATE_LIMITED", "")
    watch.seconds += 20
    assert [_try(limited, "WRONG") for _ in range(2)] == ["WRONG", "RATE_LIMITED"]


def test_guesses_made_at_once_are_counted_before_any_of_them_is_answered() -> None:
    limited = _limits(Watch(), guesses_per_minute=2)
    with limited.guessing("10.0.0.1", ("WRONG",)), limited.guessing("10.0.0.1", ("WRONG",)):
        assert _try(limited, "WRONG") == "RATE_LIMITED"
    assert _try(limited, "WRONG") == "WRONG"


def test_a_guess_whose_answer_nobody_waited_for_counts() -> None:
    limited = _limits(Watch(), guesses_per_minute=1)
    with pytest.raises(TimeoutError), limited.guessing("10.0.0.1", ("WRONG",)):
        raise TimeoutError
    assert _try(limited, "WRONG") == "RATE_LIMITED"


def test_what_is_no_guess_is_never_limited() -> None:
    limited = _limits(Watch(), guesses_per_minute=1)
    for _ in range(9):
        with limited.guessing("10.0.0.1", ()):
            pass

"""Messages as a person reads them."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from kiezctl.said import Said, subjects
from kiezctl.sentences import euros, line, show

CLOSED = {"state": {"title": "Kiezfonds 2027", "closes_at": "2027-01-22T23:00:00Z", "status": "closed"}}


def a_message(body: dict[str, Any] | None = None, *, audience: str = "pub", fact: str = "round_closed") -> Said:
    subject = f"kiez.{audience}.funds.v1.{fact}.11.1140.114009.0"
    headers = {"ce-time": "2027-01-22T23:00:00.000Z"}
    return Said(subject, headers, CLOSED if body is None else body, "FUNDS", 1, datetime(2026, 11, 22, tzinfo=UTC))


def printed(message: Said, *, width: int, terminal: bool) -> str:
    out = io.StringIO()
    show(Console(file=out, width=width, force_terminal=terminal, color_system=None), message)
    return out.getvalue()


def test_a_message_says_day_place_service_and_fact() -> None:
    shown = printed(a_message(), width=80, terminal=True)
    assert shown.startswith("23 Jan  Neu-Lichtenberg         funds   round closed  “Kiezfonds 2027”")


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_a_message_is_one_line_at_any_width(width: int) -> None:
    shown = printed(a_message({"state": {"title": "sehr " * 60}}), width=width, terminal=True)
    assert shown.count("\n") == 1
    assert len(shown.rstrip("\n")) <= width


def test_nothing_in_a_message_moves_the_cursor() -> None:
    shown = printed(a_message({"state": {"title": "a\n\x1b[31mb", "status": "c\rd"}}), width=120, terminal=True)
    assert shown.count("\n") == 1
    assert "\x1b" not in shown
    assert "\r" not in shown


def test_where_nobody_watches_a_line_holds_everything() -> None:
    shown = printed(a_message({"state": {"title": "sehr " * 60}}), width=80, terminal=False)
    assert shown.count("\n") == 1
    assert shown.rstrip().endswith("kiez.pub.funds.v1.round_closed.11.1140.114009.0")


def test_what_is_not_for_outsiders_is_said_to_be_internal() -> None:
    assert "(internal)" in line(a_message(audience="int"), 80).plain
    assert "(internal)" not in line(a_message(), 80).plain


@pytest.mark.parametrize(
    ("cents", "text"), [(0, "0,00 €"), (739530, "7.395,30 €"), (-5, "-0,05 €"), (10**9, "10.000.000,00 €")]
)
def test_money_reads_as_in_berlin(cents: int, text: str) -> None:
    assert euros(cents) == text


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_any_body_can_be_shown(state: Any) -> None:
    line(a_message({"state": state, "amount_cents": state}), 100)
    line(a_message({"state": {"title": state, "starts_at": state, "status": state}}), 100)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({}, "kiez.*.*.>"),
        ({"service": "funds"}, "kiez.*.funds.>"),
        ({"region": "11"}, "kiez.*.*.v1.*.11.>"),
        ({"region": "114009", "service": "funds"}, "kiez.*.funds.v1.*.11.1140.114009.>"),
        ({"region": "11400930"}, "kiez.*.*.v1.*.11.1140.114009.11400930"),
        ({"subject": "kiez.pub.>"}, "kiez.pub.>"),
    ],
)
def test_a_region_is_listened_to_with_what_lies_in_it(asked: dict[str, str], wanted: str) -> None:
    assert subjects(**asked) == (wanted,)

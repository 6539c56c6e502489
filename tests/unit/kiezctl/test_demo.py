"""The demonstration's figures add up, and its screen can be read."""

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from kiezctl.demo.figures import AWARDED, BUDGET_CENTS, CAP_CENTS, LEFT_CENTS, PROJECTS, REGION, Calendar
from kiezctl.demo.mailroom import Letter
from kiezctl.demo.narrator import Narrator
from kiezctl.demo.outsider import missing
from kiezctl.said import Said
from kiezwerk.funds.v1 import round_pb2


def a_message(fact: str, title: str = "Kiezfonds") -> Said:
    body = {"state": {"title": title, "planned_cents": BUDGET_CENTS}}
    return Said(f"kiez.pub.funds.v1.{fact}.11.1140.{REGION}.0", {}, body, "FUNDS", 1, datetime(2027, 1, 4, tzinfo=UTC))


def test_seven_applications_leave_what_neu_lichtenberg_had_left() -> None:
    assert len(PROJECTS) == 7
    assert BUDGET_CENTS - sum(project.awarded_cents for project in AWARDED) == LEFT_CENTS


def test_nobody_gets_more_than_asked_or_more_than_the_maximum_without_an_exception() -> None:
    for project in AWARDED:
        assert project.awarded_cents <= project.asked_cents
        assert project.awarded_cents <= CAP_CENTS or project.exception


@pytest.mark.parametrize("year", [2027, 2028, 2032])
def test_the_days_of_a_year_come_one_after_the_other(year: int) -> None:
    days = Calendar(year)
    moments = [days.preparation, days.opening, days.applying, days.checking, days.session, days.agreeing, days.project]
    assert moments == sorted(moments)
    assert days.applying.date() < days.closes_on < days.checking.date()
    assert days.project < days.settling < datetime(year, 12, 31, tzinfo=UTC)


def test_what_was_expected_and_not_heard_is_named_as_often_as_it_lacks() -> None:
    heard = [a_message("grant_awarded"), a_message("round_closed")]
    assert missing(heard, ["grant_awarded", "round_closed"]) == []
    assert missing(heard, ["grant_awarded", "grant_awarded", "session_opened"]) == ["grant_awarded", "session_opened"]


def narrated(width: int, heard: list[Said]) -> str:
    out = io.StringIO()
    narrator = Narrator(Console(file=out, width=width, color_system=None))
    narrator.introduce(2027)
    narrator.step("The year's money is shared out among all neighbourhoods of the district.", heard)
    return out.getvalue()


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_no_line_of_the_story_is_wider_than_the_terminal(width: int) -> None:
    shown = narrated(width, [a_message("budget_planned", "Zuschüsse für besondere, soziale Projekte " * 3)])
    assert max(len(line) for line in shown.splitlines()) <= width


def test_what_is_heard_several_times_is_told_once() -> None:
    shown = narrated(120, [a_message("budget_planned")] * 13 + [a_message("budget_released")])
    assert shown.count("budget planned") == 1
    assert "13 ×" in shown
    assert "budget released" in shown


def test_a_letter_s_link_is_found_by_its_path() -> None:
    text = "Hallo,\nhttp://127.0.0.1:7204/other/x\n<http://127.0.0.1:7204/confirm/abc>\n"
    letter = Letter("1", ("a@example.org",), "Betreff", text, (), ())
    assert letter.link("/confirm/") == "http://127.0.0.1:7204/confirm/abc"
    assert letter.link("/unsubscribe/") == ""


def test_each_request_of_the_story_finds_its_rpc_by_its_name() -> None:
    (service,) = round_pb2.PlanRoundRequest.DESCRIPTOR.file.services_by_name.values()
    assert "PlanRound" in service.methods_by_name

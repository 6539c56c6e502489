"""What everyone may know: sums that add up, and none from which a single application can be told."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funds.domain.agenda_item import ItemStatus
from services.funds.domain.application import ApplicationStatus
from services.funds.domain.asked import FEWEST, Asked, AskedOf, AskedPart, is_told
from services.funds.domain.carrying import carry
from services.funds.domain.decided import award_told, refusals_told
from services.funds.domain.jury_session import JurySession
from services.funds.domain.session_status import SessionStatus
from services.funds.domain.transparency import in_all, pot_year
from services.funds.domain.vote import Choice
from tests.support.funds import YEAR, Books, a_planned_budget, a_stamp, books
from tests.support.funds_decision import (
    DECLARED,
    SESSION_AT,
    a_form,
    a_jury,
    an_application,
    an_open_session,
    in_status,
    votes,
)
from tests.support.funds_grant import an_award

S = ApplicationStatus

ASKED = st.builds(lambda told, quiet: Asked(told, 1_000 * told, quiet, 7 * quiet), st.integers(0, 9), st.integers(0, 6))


@given(st.lists(st.sampled_from(["commit", "pay", "uncommit", "freeze", "claim", "refund"]), max_size=12))
def test_released_is_awarded_and_left_and_lapsed_whatever_moved(moves: list[str]) -> None:
    kept = books(100_000)
    for move in moves:
        budget, stamp = kept.budget, a_stamp()
        if move == "commit" and budget.available_cents:
            kept.keep(budget.commit(budget.available_cents // 2 + 1, "grant", stamp))
        elif move == "pay" and budget.committed_cents:
            kept.keep(budget.pay(budget.committed_cents // 2 + 1, "grant", stamp))
        elif move == "uncommit" and budget.committed_cents:
            kept.keep(budget.uncommit(budget.committed_cents // 3 + 1, "grant", stamp))
        elif move == "freeze" and budget.available_cents:
            kept.keep(budget.freeze(1, stamp))
        elif move == "claim" and budget.paid_cents:
            kept.keep(budget.refund_claimed(1, "grant", stamp))
        elif move == "refund" and budget.receivable_cents:
            kept.keep(budget.refund_received(1, "grant", stamp))
    figures = pot_year(kept.budget, "Kiezfonds", Asked(), is_open=False).figures
    assert figures.released_cents == figures.awarded_cents + figures.left_cents + figures.lapsed_cents
    assert 0 <= figures.paid_cents <= figures.awarded_cents


@given(st.lists(ASKED, max_size=6))
def test_nobody_gets_at_fewer_than_three_applications_by_subtracting_what_is_told(all_asked: list[Asked]) -> None:
    budget = books().budget
    pots = [pot_year(budget, "Kiezfonds", asked, is_open=False) for asked in all_asked]
    total = in_all(pots)
    for asked, pot in zip(all_asked, pots, strict=True):
        assert pot.figures.asked_is_withheld is (0 < asked.quiet < FEWEST)
        rest = pot.figures.asked_cents - asked.told_cents
        assert rest == (0 if pot.figures.asked_is_withheld else asked.quiet_cents), "none of one or two quiet ones"
    # What the total tells is what the pots beside it tell: the difference is nothing, and nothing is learnt.
    assert total.asked_cents == sum(pot.figures.asked_cents for pot in pots)
    assert total.applications == sum(pot.figures.applications for pot in pots)
    assert total.asked_is_withheld is any(0 < asked.quiet < FEWEST for asked in all_asked)


def test_what_is_carried_stays_awarded_in_its_year_and_comes_on_top_in_the_next() -> None:
    old = books(1_000)
    old.keep(old.budget.commit(600, "grant", a_stamp()))
    new_year = a_stamp(value_date=date(YEAR + 1, 1, 2))
    new = Books(a_planned_budget(fund_id=old.budget.fund_id, year=YEAR + 1), [])
    new.keep(new.budget.release(1_000, new_year))
    out, into = carry(old.budget, new.budget, 500, "grant", a_stamp(), new_year)
    old.keep(out)
    new.keep(into)
    new.keep(new.budget.uncommit(200, "grant", new_year, 200))
    for kept, released, awarded, left, lapsed in ((old, 1_000, 600, 400, 0), (new, 1_500, 300, 1_000, 200)):
        told = pot_year(kept.budget, "Kiezfonds", Asked(), is_open=False).figures
        assert (told.released_cents, told.awarded_cents) == (released, awarded)
        assert (told.left_cents, told.lapsed_cents) == (left, lapsed)


def test_what_an_open_call_was_asked_for_is_sealed() -> None:
    figures = pot_year(books().budget, "Kiezfonds", Asked(0, 0, 9, 900), is_open=True).figures
    assert (figures.asked_is_withheld, figures.asked_cents, figures.applications) == (True, 0, 0)


@pytest.mark.parametrize("status", list(ApplicationStatus))
def test_only_awards_and_what_approved_minutes_list_are_told_one_by_one(status: ApplicationStatus) -> None:
    assert is_told(status, in_minutes=True)
    assert is_told(status, in_minutes=False) is (status in (S.APPROVED, S.CANCELLED))


def test_what_was_declined_is_quiet_until_the_minutes_of_its_session_are_approved() -> None:
    sums = ((S.APPROVED, 2, 900), (S.DECLINED, 1, 400), (S.DEFERRED, 1, 7))
    parts = [AskedPart("fund", "round", "114009", *one) for one in sums]
    assert sum((part.asked(in_minutes=False) for part in parts), Asked()) == Asked(2, 900, 2, 407)
    assert sum((part.asked(in_minutes=True) for part in parts), Asked()) == Asked(4, 1_307)


@pytest.mark.parametrize(
    ("fund", "round_id", "region", "is_own"),
    [
        ("fund", "round", "115012", True),
        ("fund", "another", "114009", False),
        ("fund", "", "114009", True),
        ("fund", "", "11400922", True),
        ("fund", "", "114010", False),
        ("fund", "", "11400923", False),
        ("another", "", "114009", False),
    ],
)
def test_each_application_was_asked_of_one_pot(fund: str, round_id: str, region: str, *, is_own: bool) -> None:
    pot = AskedOf("fund", "114009", frozenset({"round"}), without=("11400923",))
    assert pot.takes(AskedPart(fund, round_id, region, S.APPROVED, 1, 100)) is is_own


def a_concluded_session(**changes: Any) -> JurySession:
    """One application, declined by two to one, with approved minutes."""
    application = an_application(**changes)
    jury = a_jury(5)
    session = an_open_session(jury, application).put_motion(application.id, 100, (), "office", SESSION_AT)
    for vote in votes(jury, Choice.NO, Choice.NO, Choice.YES):
        session = session.vote(application.id, vote, 1)
    declined = session.counted(application.id).declined("zu laut", "office", SESSION_AT)
    return in_status(session.with_item(declined), SessionStatus.MINUTES_APPROVED)


def test_a_refusal_is_told_with_its_votes_and_without_a_name() -> None:
    session = a_concluded_session()
    (told,) = refusals_told(session, {})
    assert (told.outcome, told.title, told.reason) == (ItemStatus.DECLINED, "", "")
    assert told.votes is not None
    assert (told.votes.yes, told.votes.no) == (1, 2)


@pytest.mark.parametrize(
    ("private", "agreed", "named"), [(False, True, True), (False, False, False), (True, True, False)]
)
def test_name_and_reason_of_a_refusal_are_told_of_an_organisation_that_agreed(
    private: bool, agreed: bool, named: bool
) -> None:
    form = a_form(declarations=replace(DECLARED, agrees_to_publication=agreed))
    applicant: dict[str, Any] = {"applicant_actor_id": ""} if private else {}
    application = an_application(form=form, **applicant)
    session = a_concluded_session()
    item = replace(session.agenda[0], application_id=application.id)
    (told,) = refusals_told(replace(session, agenda=(item,)), {application.id: application})
    assert (told.title, told.reason) == ((item.title, "zu laut") if named else ("", ""))


def test_before_its_minutes_are_approved_a_session_tells_nothing() -> None:
    session = in_status(a_concluded_session(), SessionStatus.CLOSED)
    assert refusals_told(session, {}) == ()
    grant = an_award(conditions=("leise",))
    awarded = replace(session.agenda[0], grant_id=grant.id)
    open_told = award_told(grant, replace(session, agenda=(awarded,)))
    assert (open_told.votes, open_told.conditions) == (None, ())
    done = award_told(grant, in_status(replace(session, agenda=(awarded,)), SessionStatus.MINUTES_APPROVED))
    assert done.votes is not None
    assert done.conditions == ("leise",)


def test_conditions_of_a_private_person_are_told_never() -> None:
    grant = an_award(conditions=("bei Anna klingeln",), recipient_actor_id="", recipient_name="")
    session = a_concluded_session()
    told = award_told(grant, replace(session, agenda=(replace(session.agenda[0], grant_id=grant.id),)))
    assert told.conditions == ()
    assert "Anna" not in str(told)

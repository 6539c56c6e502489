"""Mending decisions: from which states, within which bounds, and who may not pay afterwards."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funds.domain import revision
from services.funds.domain.application import Application, ApplicationStatus
from services.funds.domain.grant import Grant, GrantStatus
from services.funds.domain.refusals.application import ApplicationInState, CapExceeded, CapHasNoException
from services.funds.domain.refusals.grant import ApprovedAboveRequested, GrantNotIn
from tests.support.funds import rules
from tests.support.funds_decision import RECEIVED, a_form, an_application
from tests.support.funds_grant import a_grant, an_award

S = ApplicationStatus
BY = ("Tippfehler", "office", RECEIVED)


def approved(cents: int = 50_000, **more: object) -> Application:
    return replace(an_application(S.APPROVED, **more), approved_cents=cents, grant_id="g")


def revise(application: Application, grant: Grant, cents: int, *, exception: bool = False) -> tuple[Application, Grant]:
    return revision.amount_revised(application, grant, cents, (), exception, *BY)


STEPS: dict[str, tuple[Callable[[Application], Application], set[S], S]] = {
    "decided_anew": (lambda a: revision.decided_anew(a, *BY), {S.APPROVED, S.DECLINED}, S.SCHEDULED),
    "award_withdrawn": (lambda a: revision.award_withdrawn(a, *BY), {S.APPROVED}, S.DECLINED),
    "amount_revised": (lambda a: revise(a, an_award(), 40_000)[0], {S.APPROVED}, S.APPROVED),
}


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize("name", STEPS)
def test_a_decision_is_mended_where_there_is_one(name: str, status: S) -> None:
    step, allowed, becomes = STEPS[name]
    if status in allowed:
        mended = step(an_application(status))
        assert (mended.status, mended.course[-1].reason) == (becomes, "Tippfehler")
        return
    with pytest.raises(ApplicationInState) as refused:
        step(an_application(status))
    assert refused.value.reason == f"APPLICATION_{status.upper()}"


@pytest.mark.parametrize("status", [status for status in GrantStatus if status is not GrantStatus.AWARDED])
def test_only_what_is_not_agreed_yet_is_revised(status: GrantStatus) -> None:
    with pytest.raises(GrantNotIn):
        revise(approved(), a_grant(status), 40_000)


@given(cents=st.integers(1, 200_000), exception=st.booleans(), allowed=st.booleans())
def test_a_revised_amount_keeps_the_bounds_of_an_award(cents: int, exception: bool, allowed: bool) -> None:
    application = approved(form=a_form(requested_cents=150_000), rules=rules(cap_exception_allowed=allowed))
    try:
        revised, grant = revise(application, an_award(), cents, exception=exception)
    except CapHasNoException:
        assert exception
        assert not allowed
    except ApprovedAboveRequested:
        assert cents > 150_000
    except CapExceeded:
        assert cents > 100_000
        assert not (exception and allowed)
    else:
        assert cents <= (150_000 if exception and allowed else 100_000)
        assert (revised.approved_cents, grant.approved_cents) == (cents, cents)
        assert grant.decided_by == ("member-1", "member-2", "office")


def test_what_is_decided_anew_has_nothing_left_of_its_award() -> None:
    again = revision.decided_anew(replace(approved(), conditions=("Nur Pflanzen",)), *BY)
    assert (again.approved_cents, again.grant_id, again.conditions, again.outcome) == (0, "", (), "")

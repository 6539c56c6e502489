"""An application: every step that is allowed, every one that is not, and what binds the decision."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.ports import end_of_day
from services.funds.domain.application import Application, ApplicationStatus
from services.funds.domain.application_form import Attachment, CostItem, Declarations
from services.funds.domain.facts.application import ApplicationApproved, ApplicationRefused, ApplicationSubmitted
from services.funds.domain.funding_round import RoundStatus, receiving_round
from services.funds.domain.refusals.application import (
    AnswerIsLate,
    ApplicationInState,
    CapExceeded,
    CostKindExcluded,
    DueDayPassed,
    FormIncomplete,
    RoundClosed,
    RoundIsCancelled,
    RoundNotOpen,
)
from services.funds.domain.refusals.grant import ApprovedAboveRequested, ApprovedNothing
from services.funds.messages.published import application as messages
from tests.support.funds import YEAR, a_round, rules
from tests.support.funds_decision import RECEIVED, SESSION_AT, a_draft, a_form, an_application

S = ApplicationStatus
DUE = date(YEAR, 1, 20)
Step = Callable[[Application], Application]

STEPS: dict[str, tuple[Step, set[S], S]] = {
    "submit": (lambda a: a.submit(None, rules(), "contact", "anna", RECEIVED), {S.DRAFT}, S.SUBMITTED),
    "answer": (lambda a: a.answer("anna", RECEIVED), {S.NEEDS_INFO}, S.SUBMITTED),
    "request_info": (
        lambda a: a.request_info(DUE, "Wo?", "office", RECEIVED),
        {S.SUBMITTED, S.NEEDS_INFO, S.ADMISSIBLE, S.SCHEDULED},
        S.NEEDS_INFO,
    ),
    "admit": (lambda a: a.admit("office", RECEIVED), {S.SUBMITTED}, S.ADMISSIBLE),
    "refuse": (
        lambda a: a.refuse("nein", "office", RECEIVED),
        {S.SUBMITTED, S.NEEDS_INFO, S.ADMISSIBLE, S.SCHEDULED, S.DEFERRED},
        S.INADMISSIBLE,
    ),
    "readmit": (lambda a: a.readmit("doch", "office", RECEIVED), {S.INADMISSIBLE}, S.ADMISSIBLE),
    "schedule": (lambda a: a.schedule("s", SESSION_AT, "office", RECEIVED), {S.ADMISSIBLE, S.DEFERRED}, S.SCHEDULED),
    "reschedule": (lambda a: a.reschedule(SESSION_AT), {S.SCHEDULED}, S.SCHEDULED),
    "unschedule": (lambda a: a.unschedule("fällt aus", "office", RECEIVED), {S.SCHEDULED}, S.ADMISSIBLE),
    "approve": (
        lambda a: a.approve(80_000, (), "g", "", "office", RECEIVED),
        {S.ADMISSIBLE, S.SCHEDULED, S.DEFERRED},
        S.APPROVED,
    ),
    "decline": (
        lambda a: a.decline("nein", "office", RECEIVED),
        {S.ADMISSIBLE, S.SCHEDULED, S.DEFERRED},
        S.DECLINED,
    ),
    "defer": (lambda a: a.defer("später", "office", RECEIVED), {S.ADMISSIBLE, S.SCHEDULED}, S.DEFERRED),
    "withdraw": (
        lambda a: a.withdraw("doch nicht", "anna", RECEIVED),
        {S.DRAFT, S.SUBMITTED, S.NEEDS_INFO, S.ADMISSIBLE, S.SCHEDULED, S.DEFERRED},
        S.WITHDRAWN,
    ),
    "cancel": (lambda a: a.cancel("Zuwendung aufgehoben", "office", RECEIVED), {S.APPROVED}, S.CANCELLED),
}


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_taken_where_it_is_allowed_and_refused_with_the_state_elsewhere(name: str, status: S) -> None:
    step, allowed, becomes = STEPS[name]
    if status in allowed:
        assert step(an_application(status)).status is becomes
    else:
        with pytest.raises(ApplicationInState) as refused:
            step(an_application(status))
        assert refused.value.reason == f"APPLICATION_{status.upper()}"


@pytest.mark.parametrize("status", S)
def test_the_form_changes_only_in_the_applicants_hands(status: S) -> None:
    application = an_application(status)
    if status in (S.DRAFT, S.NEEDS_INFO):
        assert application.revise(a_form(title="Hoffest")).title == "Hoffest"
    else:
        with pytest.raises(ApplicationInState):
            application.revise(a_form())


def test_what_is_refused_stands_on_no_agenda_and_half_a_form_is_not_readmitted() -> None:
    scheduled = an_application(S.ADMISSIBLE).schedule("s", SESSION_AT, "office", RECEIVED)
    refused = scheduled.refuse("hat begonnen", "office", SESSION_AT)
    assert (refused.session_id, refused.session_at) == ("", None)
    assert refused.readmit("doch nicht", "office", SESSION_AT + timedelta(days=300)).status is S.ADMISSIBLE
    asked = an_application().request_info(DUE, "Wo?", "office", RECEIVED).revise(a_form(place=""))
    with pytest.raises(FormIncomplete) as incomplete:
        asked.refuse("keine Antwort", "office", RECEIVED).readmit("doch", "office", RECEIVED)
    assert set(incomplete.value.fields) == {"form.place"}


def test_every_step_is_kept_with_who_when_and_why() -> None:
    refused = an_application().refuse("kein Kiezbezug", "office", RECEIVED)
    assert [(step.status, step.by, step.reason) for step in refused.course] == [
        (S.SUBMITTED, "anna", ""),
        (S.INADMISSIBLE, "office", "kein Kiezbezug"),
    ]
    assert refused.reason == "kein Kiezbezug"


def test_the_first_receipt_stays_through_questions_and_answers() -> None:
    later = RECEIVED + timedelta(days=3)
    answered = an_application().request_info(DUE, "Wo?", "office", RECEIVED).answer("anna", later)
    assert (answered.submitted_at, answered.info_due_on) == (RECEIVED, None)


@pytest.mark.parametrize(
    ("due", "ends_at"),
    [
        (date(2027, 3, 28), datetime(2027, 3, 28, 22, 0, tzinfo=UTC)),
        (date(2027, 10, 31), datetime(2027, 10, 31, 23, 0, tzinfo=UTC)),
    ],
)
def test_an_answer_counts_to_midnight_also_on_the_days_when_summer_time_turns(due: date, ends_at: datetime) -> None:
    later = a_form(starts_on=date(2027, 12, 1), ends_on=date(2027, 12, 1))
    asked = an_application(form=later).request_info(due, "Wo?", "office", RECEIVED)
    assert asked.answer("anna", ends_at - timedelta(milliseconds=1)).status is S.SUBMITTED
    with pytest.raises(AnswerIsLate):
        asked.answer("anna", ends_at)


@pytest.mark.parametrize("status", S)
def test_a_due_day_that_passes_marks_what_waits_and_changes_no_status(status: S) -> None:
    application = an_application(status)
    overdue = application.fall_overdue()
    assert (overdue.status, overdue.info_overdue) == (status, status is S.NEEDS_INFO)
    assert overdue.fall_overdue() is overdue


def test_a_question_that_is_answered_or_asked_anew_is_overdue_no_more() -> None:
    overdue = an_application().request_info(DUE, "Wo?", "office", RECEIVED).fall_overdue()
    after = (
        overdue.answer("anna", RECEIVED),
        overdue.request_info(DUE, "Wo?", "office", RECEIVED),
        overdue.refuse("nein", "office", RECEIVED),
        overdue.withdraw("weg", "anna", RECEIVED),
    )
    assert not any(application.info_overdue for application in after)


def test_what_was_put_off_is_waited_for_by_no_round() -> None:
    scheduled = an_application(S.ADMISSIBLE).defer("später", "office", RECEIVED)
    assert scheduled.schedule("s", SESSION_AT, "office", RECEIVED).was_deferred
    assert not an_application(S.SCHEDULED).was_deferred


def test_an_answer_in_time_counts_though_the_first_day_has_passed_meanwhile() -> None:
    soon = a_form(starts_on=date(YEAR, 1, 12), ends_on=date(YEAR, 1, 12))
    asked = an_application(form=soon).request_info(DUE, "Wo?", "office", RECEIVED)
    assert asked.answer("anna", RECEIVED + timedelta(days=4)).status is S.SUBMITTED
    before = asked.revise(a_form(starts_on=date(YEAR, 1, 9), ends_on=date(YEAR, 1, 9)))
    with pytest.raises(FormIncomplete):
        before.answer("anna", RECEIVED + timedelta(days=4))


def test_an_answer_counts_until_the_last_instant_of_its_day() -> None:
    asked = an_application().request_info(DUE, "Wo?", "office", RECEIVED)
    assert asked.answer("anna", end_of_day(DUE) - timedelta(milliseconds=1)).status is S.SUBMITTED
    with pytest.raises(AnswerIsLate):
        asked.answer("anna", end_of_day(DUE))


def test_the_office_cannot_set_a_day_that_has_passed() -> None:
    with pytest.raises(DueDayPassed):
        an_application().request_info(date(YEAR, 1, 9), "Wo?", "office", RECEIVED)


@pytest.mark.parametrize("field", ["description", "goals", "place", "starts_on", "ends_on", "requested_cents", "costs"])
def test_a_submission_names_each_field_that_is_missing(field: str) -> None:
    empty = None if field.endswith("_on") else type(getattr(a_form(), field))()
    draft = a_draft(form=a_form(**{"costs": (CostItem("Zelt", 80_000),)} | {field: empty}))
    with pytest.raises(FormIncomplete) as refused:
        draft.submit(None, rules(), "contact", "anna", RECEIVED)
    assert f"form.{field}" in refused.value.fields


def test_all_declarations_that_are_needed_must_be_made() -> None:
    draft = a_draft(form=a_form(declarations=Declarations(not_started=True)))
    with pytest.raises(FormIncomplete) as refused:
        draft.submit(None, rules(), "contact", "anna", RECEIVED)
    assert set(refused.value.fields) == {
        "form.declarations.not_funded_twice",
        "form.declarations.subsidy_notice_read",
        "form.declarations.privacy_notice_read",
    }


@given(costs=st.lists(st.integers(1, 10**6), min_size=1, max_size=6), asked=st.integers(1, 10**7))
def test_the_costs_sum_to_what_is_asked_for(costs: list[int], asked: int) -> None:
    items = tuple(CostItem("Posten", cents) for cents in costs)
    draft = a_draft(form=a_form(requested_cents=asked, costs=items))
    if sum(costs) == asked:
        assert draft.submit(None, rules(), "contact", "anna", RECEIVED).requested_cents == asked
    else:
        with pytest.raises(FormIncomplete) as refused:
            draft.submit(None, rules(), "contact", "anna", RECEIVED)
        assert "form.requested_cents" in refused.value.fields


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"starts_on": date(YEAR, 1, 9)}, "form.starts_on"), ({"ends_on": date(YEAR, 4, 30)}, "form.ends_on")],
)
def test_a_project_lies_ahead_and_ends_after_it_begins(changes: dict[str, date], field: str) -> None:
    with pytest.raises(FormIncomplete) as refused:
        a_draft(form=a_form(**changes)).submit(None, rules(), "contact", "anna", RECEIVED)
    assert field in refused.value.fields


def test_excluded_costs_are_refused_however_they_are_spelt() -> None:
    costs = (CostItem("Zelt", 30_000), CostItem("Honorar", 50_000, "Staff"))
    with pytest.raises(CostKindExcluded) as refused:
        a_draft(form=a_form(costs=costs)).submit(None, rules(excluded_costs=("staff",)), "c", "anna", RECEIVED)
    assert set(refused.value.fields) == {"form.costs[1].kind"}


@given(amount=st.integers(-100, 120_000))
def test_an_award_is_above_zero_and_within_what_was_asked_and_the_cap(amount: int) -> None:
    application = an_application(S.SCHEDULED, form=a_form(requested_cents=110_000), rules=rules(cap_cents=100_000))
    if amount <= 0:
        with pytest.raises(ApprovedNothing):
            application.approve(amount, (), "g", "", "office", RECEIVED)
    elif amount > 110_000:
        with pytest.raises(ApprovedAboveRequested):
            application.approve(amount, (), "g", "", "office", RECEIVED)
    elif amount > 100_000:
        with pytest.raises(CapExceeded) as refused:
            application.approve(amount, (), "g", "", "office", RECEIVED)
        assert refused.value.details == {"cap_cents": "100000"}
    else:
        assert application.approve(amount, (), "g", "", "office", RECEIVED).approved_cents == amount


def test_the_cap_is_lifted_only_by_a_recorded_reason_that_the_rules_allow() -> None:
    form = a_form(requested_cents=110_000)
    strict = an_application(S.SCHEDULED, form=form)
    with pytest.raises(CapExceeded):
        strict.approve(110_000, (), "g", "einmalig", "office", RECEIVED)
    generous = an_application(S.SCHEDULED, form=form, rules=rules(cap_exception_allowed=True))
    with pytest.raises(CapExceeded):
        generous.approve(110_000, (), "g", "", "office", RECEIVED)
    approved = generous.approve(110_000, (), "g", "einmalig", "office", RECEIVED)
    assert (approved.outcome, approved.reason) == ("full", "einmalig")


def test_an_award_of_less_is_reduced() -> None:
    approved = an_application(S.SCHEDULED).approve(50_000, ("Rechnung",), "g", "", "office", RECEIVED)
    said = messages.ApplicationApproved.model_validate(ApplicationApproved(approved))
    assert (said.outcome, said.conditions, said.state.approved_cents) == ("reduced", ("Rechnung",), 50_000)


def test_a_round_takes_applications_until_its_last_instant() -> None:
    asked = a_round(status=RoundStatus.OPEN)
    assert receiving_round(asked, None, asked.closes_at - timedelta(milliseconds=1)) == (asked, False)
    with pytest.raises(RoundClosed):
        receiving_round(asked, None, asked.closes_at)


def test_what_is_late_goes_to_the_next_round_though_no_timer_has_closed_the_first() -> None:
    asked = a_round(status=RoundStatus.OPEN)
    later = a_round(name="second", closes_at=asked.closes_at + timedelta(days=30))
    assert receiving_round(asked, later, asked.closes_at) == (later, True)
    with pytest.raises(RoundClosed):
        receiving_round(asked, later, later.closes_at)
    submitted = a_draft().submit(later, rules(), "contact", "anna", RECEIVED)
    assert (submitted.round_id, submitted.round_name) == (later.id, "second")


def test_a_round_that_has_begun_takes_applications_before_its_timer_has_opened_it() -> None:
    asked = a_round(status=RoundStatus.PLANNED)
    assert receiving_round(asked, None, asked.opens_at) == (asked, False)
    with pytest.raises(RoundNotOpen):
        receiving_round(asked, None, asked.opens_at - timedelta(milliseconds=1))


def test_a_cancelled_round_takes_nothing() -> None:
    with pytest.raises(RoundIsCancelled):
        receiving_round(a_round(status=RoundStatus.CANCELLED), a_round(), RECEIVED)


def test_a_private_persons_title_stands_on_no_agenda() -> None:
    assert an_application(applicant_actor_id="").agenda_title == "Projekt einer Privatperson"
    assert an_application().agenda_title == "Nachbarschaftsfest"


def test_messages_say_whom_to_write_to_and_no_text_of_the_form() -> None:
    said = messages.ApplicationSubmitted.model_validate(ApplicationSubmitted(an_application(), late=False))
    assert said.audience_now() == "int"
    assert (said.state.contact_ref, said.state.requested_cents) == ("contact", 80_000)
    assert "Ein Fest im Hof" not in said.model_dump_json()
    refused = an_application().refuse("kein Kiezbezug", "office", RECEIVED)
    assert messages.ApplicationRefused.model_validate(ApplicationRefused(refused, "kein Kiezbezug")).reason


def test_an_attachment_is_a_reference() -> None:
    plan = Attachment("Plan", "https://example.org/plan.pdf", "application/pdf", 1_000, "0" * 64)
    draft = a_draft(form=a_form(attachments=(plan,)))
    assert draft.submit(None, rules(), "contact", "anna", RECEIVED).form.attachments == (plan,)

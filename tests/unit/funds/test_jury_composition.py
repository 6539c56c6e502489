"""A jury against the rules of its fund: residents, numbers, terms and ages."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funds.domain.facts.jury import JuryTermEnding
from services.funds.domain.jury import Seat
from services.funds.domain.jury_composition import Shortfall, composition, require_composed, require_seat
from services.funds.domain.refusals.fund import RulesContradict
from services.funds.domain.refusals.jury import (
    AgeNotDeclared,
    JuryComposition,
    JuryFull,
    SeatsForResidents,
    TermTooLong,
)
from services.funds.messages.published import jury as messages
from tests.support.funds import YEAR, rules
from tests.support.funds_decision import a_jury, a_member

DAY = date(YEAR, 2, 10)


def jury_of(residents: int, civil: int = 0, substitutes: int = 0, **more: Any) -> Any:
    seats = [Seat.RESIDENT] * residents + [Seat.CIVIL_SOCIETY] * civil + [Seat.SUBSTITUTE] * substitutes
    members = tuple(a_member(number, seat=seat) for number, seat in enumerate(seats))
    return replace(a_jury(0, **more), members=members)


def test_a_composition_names_what_is_filled_empty_and_missing() -> None:
    held = rules(jury_least=6, resident_share_percent=60)
    found = composition(jury_of(2, 3, 2, seats=10), held, DAY)
    assert (found.filled, found.empty, found.residents, found.civil_society, found.substitutes) == (5, 5, 2, 3, 2)
    assert found.shortfalls == (Shortfall.MEMBERS, Shortfall.RESIDENTS)
    assert composition(jury_of(4, 2, seats=10), held, DAY).shortfalls == ()
    assert composition(jury_of(0, seats=10), rules(resident_share_percent=60), DAY).shortfalls == ()


def test_a_jury_that_is_not_composed_as_the_rules_say_decides_nothing() -> None:
    with pytest.raises(JuryComposition) as refused:
        require_composed(jury_of(2, 3), rules(resident_share_percent=60), DAY)
    assert refused.value.details == {"filled": "5", "residents": "2", "least": "0"}
    require_composed(jury_of(3, 2), rules(resident_share_percent=60), DAY)


@given(
    seats=st.integers(1, 12),
    share=st.integers(0, 100),
    wanted=st.lists(st.sampled_from([Seat.RESIDENT, Seat.CIVIL_SOCIETY]), max_size=14),
)
def test_a_jury_whose_seats_are_all_filled_has_its_share_of_residents(
    seats: int, share: int, wanted: list[Seat]
) -> None:
    held, jury = rules(resident_share_percent=share), jury_of(0, seats=seats)
    for number, seat in enumerate(wanted):
        member = a_member(number, seat=seat)
        try:
            seated = jury.seat(member)
            require_seat(jury, member, held)
        except (JuryFull, SeatsForResidents):
            continue
        jury = seated
    if jury.seats_filled_on(DAY) == seats:
        assert composition(jury, held, DAY).shortfalls == ()


def test_the_age_is_a_declared_fact() -> None:
    with pytest.raises(AgeNotDeclared) as refused:
        require_seat(jury_of(0), a_member(), rules(minimum_age=16))
    assert set(refused.value.fields) == {"meets_minimum_age"}
    require_seat(jury_of(0), a_member(meets_minimum_age=True), rules(minimum_age=16))


@pytest.mark.parametrize(
    ("from_on", "last"),
    [
        (date(2027, 1, 1), date(2028, 12, 31)),
        (date(2027, 3, 28), date(2029, 3, 27)),
        (date(2028, 2, 29), date(2030, 2, 28)),
        (date(2026, 3, 1), date(2028, 2, 29)),
    ],
)
def test_a_term_of_two_years_ends_the_day_before_its_second_anniversary(from_on: date, last: date) -> None:
    held, jury = rules(term_years=2), jury_of(0)
    require_seat(jury, a_member(from_on=from_on, until_on=last), held)
    with pytest.raises(TermTooLong):
        require_seat(jury, a_member(from_on=from_on, until_on=last + timedelta(days=1)), held)


def test_no_length_of_a_term_is_too_long_to_be_reckoned_with() -> None:
    require_seat(jury_of(0), a_member(), rules(term_years=10_000))


def test_a_term_that_ends_is_named_within_its_notice_and_once() -> None:
    jury = a_jury(2, seats=3)
    member = jury.members[0]
    held = rules(term_notice_days=60)
    first = member.until_on - timedelta(days=60)
    assert composition(jury, held, first - timedelta(days=1)).ending_member_ids == ()
    assert composition(jury, held, first).ending_member_ids == tuple(m.id for m in jury.members)
    assert jury.ends_unsaid_on(member.until_on) == jury.members
    assert jury.ends_unsaid_on(member.until_on + timedelta(days=1)) == ()
    told = jury.say_ending((member,))
    assert told.ends_unsaid_on(DAY) == jury.members[1:]
    assert jury.unseat(member.id, DAY, "Umzug").ends_unsaid_on(DAY) == jury.members[1:]


def test_what_is_said_of_an_ending_term_counts_the_seats_that_are_empty_then() -> None:
    jury = a_jury(2, seats=3)
    said = messages.JuryTermEnding.model_validate(JuryTermEnding(jury, jury.members[0]))
    assert (said.audience_now(), said.empty_seats, said.until_on) == ("int", 3, jury.members[0].until_on)


@pytest.mark.parametrize(
    "changes",
    [
        {"jury_least": 16},
        {"decision_body": "office", "jury_size": 0, "jury_least": 1},
        {"decision_body": "assembly", "jury_size": 0, "written_procedure_allowed": True},
    ],
)
def test_rules_of_a_jury_that_cannot_be_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(RulesContradict):
        rules(**changes).checked()

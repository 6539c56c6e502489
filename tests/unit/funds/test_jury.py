"""A jury: seats, terms, and who stands too near to an applicant to decide."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funds.domain.affiliation import is_biased, near_to, resolve
from services.funds.domain.jury import Seat
from services.funds.domain.known_actor import KnownRelation
from services.funds.domain.refusals.jury import JuryFull, MemberNotSeated, MemberSeatedAlready, TermWrong
from tests.support.funds import YEAR
from tests.support.funds_decision import a_jury, a_member, an_application

DAY = date(YEAR, 2, 10)


def relation(kind: str, from_id: str, to_id: str, **more: date) -> KnownRelation:
    return KnownRelation(f"{kind}:{from_id}:{to_id}", kind, from_id, to_id, **more)


def test_no_more_sit_than_there_are_seats_but_substitutes_fill_none() -> None:
    jury = a_jury(2, seats=2)
    with pytest.raises(JuryFull):
        jury.seat(a_member(3))
    assert len(jury.seat(a_member(3, seat=Seat.SUBSTITUTE)).members) == 3


def test_a_seat_is_free_again_after_its_term() -> None:
    jury = a_jury(1, seats=1)
    after = jury.members[0].until_on + timedelta(days=1)
    assert jury.seat(a_member(2, from_on=after, until_on=after)).seats_filled_on(after) == 1
    with pytest.raises(JuryFull):
        jury.seat(a_member(2, from_on=jury.members[0].until_on, until_on=after))


@given(terms=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=8), seats=st.integers(1, 4))
def test_on_no_day_are_more_seats_filled_than_there_are(terms: list[tuple[int, int]], seats: int) -> None:
    jury = a_jury(0, seats=seats)
    for number, (first, days) in enumerate(terms):
        from_on = DAY + timedelta(days=first)
        member = a_member(number, from_on=from_on, until_on=from_on + timedelta(days=days))
        try:
            jury = jury.seat(member)
        except JuryFull:
            crowded = max(jury.seats_filled_on(from_on + timedelta(days=day)) for day in range(days + 1))
            assert crowded >= seats
    assert all(jury.seats_filled_on(DAY + timedelta(days=day)) <= seats for day in range(45))


def test_nobody_sits_twice_at_once() -> None:
    jury = a_jury(1)
    for changes in ({"sub": "other"}, {"person_ref": "other"}):
        with pytest.raises(MemberSeatedAlready):
            jury.seat(a_member(1, **changes))


def test_a_term_ends_after_it_begins_and_is_only_shortened() -> None:
    jury = a_jury(1)
    member = jury.members[0]
    with pytest.raises(TermWrong):
        jury.seat(a_member(2, from_on=DAY, until_on=DAY - timedelta(days=1)))
    with pytest.raises(TermWrong):
        jury.unseat(member.id, member.until_on + timedelta(days=1), "Umzug")
    ended = jury.unseat(member.id, DAY, "Umzug")
    assert (ended.members[0].until_on, ended.members[0].ended_reason) == (DAY, "Umzug")
    assert jury.unseat(member.id, member.from_on - timedelta(days=1), "Irrtum").members == ()
    with pytest.raises(MemberNotSeated):
        ended.unseat("nobody", DAY, "Umzug")


def test_the_token_of_a_member_counts_only_within_the_term() -> None:
    jury = a_jury(1)
    member = jury.members[0]
    assert jury.member_with_sub("member1", member.until_on) == member
    assert jury.member_with_sub("member1", member.until_on + timedelta(days=1)) is None
    assert replace(jury, members=(replace(member, sub=""),)).member_with_sub("", DAY) is None


@pytest.mark.parametrize(
    ("found", "near"),
    [
        ((), {"a"}),
        ((relation("operates", "a", "house"),), {"a", "house"}),
        ((relation("operates", "carrier", "a"),), {"a", "carrier"}),
        ((relation("member_of", "a", "umbrella"),), {"a", "umbrella"}),
        ((relation("member_of", "small", "a"),), {"a"}),
        ((relation("cooperates_with", "a", "friend"),), {"a"}),
        ((relation("operates", "a", "house", ends_on=date(YEAR, 2, 9)),), {"a"}),
        ((relation("operates", "a", "house", starts_on=date(YEAR, 2, 11)),), {"a"}),
        ((relation("operates", "a", "house", starts_on=DAY, ends_on=DAY),), {"a", "house"}),
    ],
)
def test_near_is_the_applicant_and_one_step_of_what_holds_on_the_day(
    found: tuple[KnownRelation, ...], near: set[str]
) -> None:
    assert near_to("a", found, DAY, {}) == near


def test_merged_records_are_one() -> None:
    merged = {"a": "b", "b": "c", "house": "home"}
    assert near_to("a", (relation("operates", "c", "house"),), DAY, merged) == {"c", "home"}
    member = a_member(affiliations=("b",))
    assert is_biased(member, an_application(applicant_actor_id="a"), frozenset({"c"}), merged)


def test_a_circle_of_merges_ends() -> None:
    assert resolve("a", {"a": "b", "b": "a"}) in {"a", "b"}


def test_who_belongs_to_the_applicant_is_biased() -> None:
    application = an_application(applicant_actor_id="a")
    near = frozenset({"a", "house"})
    assert is_biased(a_member(affiliations=("house",)), application, near, {})
    assert not is_biased(a_member(affiliations=("elsewhere",)), application, near, {})


def test_nobody_decides_for_themselves() -> None:
    application = an_application(applicant_actor_id="")
    near = near_to("", (), DAY, {})
    assert is_biased(a_member(person_ref="contact"), application, near, {})
    assert is_biased(a_member(sub="anna"), application, near, {})
    assert not is_biased(a_member(sub="", affiliations=("",)), replace(application, applicant_sub=""), near, {})

"""Juries in a running service: who may sit by the fund's rules, and what is said before a term ends."""

from datetime import timedelta
from typing import Any

from chassis.ports import berlin_day
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import AUDITOR, OFFICE, RULES
from tests.support.funds_round import Round, a_call

DECLINED = 8


async def composition(call: Round, days: int = 0) -> Any:
    day = berlin_day(await call.funds.now()) + timedelta(days=days)
    request = {"jury_id": call.jury_id, "day": day.isoformat()}
    return (await call.funds.call("JuryService/GetComposition", request, AUDITOR)).composition


async def seat(call: Round, **more: Any) -> Any:
    today = berlin_day(await call.funds.now())
    request = {
        "jury_id": call.jury_id,
        "name": "Kim Beispiel",
        "email": f"kim-{len(call.members)}-{more.get('seat', '')}@example.org",
        "seat": "SEAT_RESIDENT",
        "from_on": today.isoformat(),
        "until_on": (today + timedelta(days=300)).isoformat(),
    } | more
    return (await call.funds.call("JuryService/SeatMember", request, OFFICE)).jury


async def test_who_sits_is_what_the_funds_rules_ask_for(funds: Started) -> None:
    rules: dict[str, Any] = {
        "minimum_age": 16,
        "term_years": 1,
        "resident_share_percent": 60,
        "jury_least": 3,
        "jury_size": 5,
    }
    call = await a_call(funds, seats=0, **rules)
    await call.seat(1, meets_minimum_age=True, until_on=berlin_day(await funds.now()).isoformat())
    with refused("AGE_NOT_DECLARED", "INVALID_ARGUMENT", "meets_minimum_age"):
        await seat(call)
    too_long = (berlin_day(await funds.now()) + timedelta(days=400)).isoformat()
    with refused("TERM_TOO_LONG", "INVALID_ARGUMENT", "until_on"):
        await seat(call, meets_minimum_age=True, until_on=too_long)
    for number in range(2):
        other = {"meets_minimum_age": True, "seat": "SEAT_CIVIL_SOCIETY", "email": f"civil{number}@example.org"}
        assert (await seat(call, **other)).members[-1].meets_minimum_age
    with refused("SEATS_FOR_RESIDENTS", "FAILED_PRECONDITION"):
        await seat(call, meets_minimum_age=True, seat="SEAT_CIVIL_SOCIETY", email="civil9@example.org")
    found = await composition(call)
    assert (found.seats, found.filled, found.empty, found.residents, list(found.shortfalls)) == (5, 3, 2, 1, [2])
    assert list((await composition(call, days=1)).shortfalls) == [1, 2]
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "day"):
        await funds.call("JuryService/GetComposition", {"jury_id": call.jury_id}, AUDITOR)


async def test_a_jury_with_too_few_residents_opens_no_session(funds: Started) -> None:
    call = await a_call(funds, seats=0, resident_share_percent=60)
    await call.seat(2, seat="SEAT_CIVIL_SOCIETY")
    application = await call.apply()
    with refused("JURY_COMPOSITION", "FAILED_PRECONDITION"):
        await call.begin(application)
    await call.funds.call(
        "JuryService/UnseatMember",
        {"jury_id": call.jury_id, "member_id": call.members[1], "reason": "Umzug", "last_day": "2026-01-01"},
        OFFICE,
    )
    session = await call.act("OpenSession", present_member_ids=call.members[:1])
    assert session.procedure.seats == 1


async def test_a_seat_that_changes_hands_while_a_session_is_under_way_votes_once(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    await call.begin(application, present=3)
    await call.vote(application, "yes", "no")
    today = berlin_day(await funds.now())
    gone = {"jury_id": call.jury_id, "member_id": call.members[0], "last_day": today.isoformat(), "reason": "Umzug"}
    await funds.call("JuryService/UnseatMember", gone, OFFICE)
    tomorrow = today + timedelta(days=1)
    come = (await seat(call, from_on=tomorrow.isoformat(), until_on=tomorrow.isoformat())).members[-1].id
    await funds.move_clock(await funds.now() + timedelta(days=1))
    with refused("NOT_OF_THIS_JURY", "INVALID_ARGUMENT"):
        await call.act("RecordAttendance", present_member_ids=[*call.members[1:3], come])
    await call.act("RecordAttendance", present_member_ids=call.members[1:4])
    with refused("MEMBER_NOT_SITTING", "FAILED_PRECONDITION"):
        enter = {"application_id": application.id, "member_id": come, "choice": "CHOICE_YES", "reason": "per Hand"}
        await call.act("EnterVote", **enter)
    await call.conclude(application)
    assert (await call.read(application)).status == DECLINED


async def test_that_a_term_ends_is_said_once_and_sixty_days_before(funds: Started) -> None:
    call = await a_call(funds, seats=0, jury_size=3)
    await call.seat(1)
    today = berlin_day(await funds.now())
    short = await seat(call, until_on=(today + timedelta(days=90)).isoformat(), email="short@example.org")
    leaves = await seat(call, until_on=(today + timedelta(days=95)).isoformat(), email="leaves@example.org")
    gone = {"jury_id": call.jury_id, "member_id": leaves.members[-1].id, "reason": "Umzug"}
    await funds.call("JuryService/UnseatMember", gone | {"last_day": today.isoformat()}, OFFICE)
    start = await funds.now()
    # 29 days could be 30 by the calendar: where the clocks go forward meanwhile, late in the evening.
    await funds.move_clock(start + timedelta(days=28))
    assert "jury_term_ending" not in [message.fact for message in await funds.said(call.jury_id)]
    assert not (await composition(call)).ending_member_ids
    await funds.move_clock(start + timedelta(days=31))
    await funds.move_clock(start + timedelta(days=80))
    ending = [message for message in await funds.said(call.jury_id) if message.fact == "jury_term_ending"]
    assert [message.body["member_id"] for message in ending] == [short.members[-1].id]
    assert (ending[0].body["empty_seats"], ending[0].subject.split(".")[1]) == (2, "int")
    assert list((await composition(call)).ending_member_ids) == [short.members[-1].id]


async def test_a_notice_that_the_rules_change_holds_for_the_terms_that_run(funds: Started) -> None:
    call = await a_call(funds, seats=0)
    until_on = berlin_day(await funds.now()) + timedelta(days=300)
    await call.seat(1, until_on=until_on.isoformat())
    change = {"fund_id": call.pot.fund_id, "rules": RULES | {"term_notice_days": 310}, "reason": "früher"}
    await funds.call("FundService/ChangeFundRules", change, OFFICE)
    await funds.move_clock(await funds.now() + timedelta(minutes=1))
    assert [message.fact for message in await funds.said(call.jury_id)] == ["jury_member_seated", "jury_term_ending"]


async def test_a_jury_has_no_more_seats_than_its_funds_rules_and_enough_to_decide(funds: Started) -> None:
    call = await a_call(funds, seats=0, jury_size=9, jury_least=5)
    jury = {"fund_id": call.pot.fund_id, "region": "114009", "name": "Bürgerjury"}
    for seats in (4, 10):
        with refused("SEATS_NOT_BY_RULES", "INVALID_ARGUMENT", "seats"):
            await funds.call("JuryService/CreateJury", jury | {"seats": seats}, OFFICE)
    assert (await funds.call("JuryService/CreateJury", jury | {"seats": 5}, OFFICE)).jury.seats == 5

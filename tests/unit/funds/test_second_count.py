"""Every decision is the same when other code, written from the domain's words alone, counts it again."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chassis.ports import end_of_day
from services.funds.domain.agenda_item import ItemStatus, Recusal, RecusalGround
from services.funds.domain.assembly import count_hands, open_assembly
from services.funds.domain.correction import correct_count, correct_vote, has_reopened
from services.funds.domain.fund_rules import Majority
from services.funds.domain.hands import Hands
from services.funds.domain.jury_session import JurySession
from services.funds.domain.procedure import Procedure
from services.funds.domain.recount import recount
from services.funds.domain.refusals.jury_session import NotQuorate, NoVotes
from services.funds.domain.session_status import SessionKind
from services.funds.domain.vote import Choice, Vote
from services.funds.domain.written_procedure import open_written
from tests.support.count import Poll, decide
from tests.support.funds import rules
from tests.support.funds_decision import SESSION_AT, a_jury, a_procedure, a_session, an_application, an_open_session

SEATS = 7
JURY, APPLICATION = a_jury(SEATS), an_application()
IDS = tuple(member.id for member in JURY.members)
PLACES = st.integers(0, SEATS - 1)
CHOICES = st.lists(st.sampled_from([*Choice, None]), min_size=SEATS, max_size=SEATS)
RULES = st.fixed_dictionaries(
    {"majority": st.sampled_from(Majority), "recused_count_for_quorum": st.booleans()}
    | {"quorum_percent": st.integers(1, 100)}
)


def voted(session: JurySession, choices: list[Choice | None], recused: set[int]) -> JurySession:
    """Whoever is not recused says so; the rest of them is silent."""
    session = session.put_motion(APPLICATION.id, 50_000, (), "office", SESSION_AT)
    for number in sorted(recused):
        recusal = Recusal(IDS[number], RecusalGround.DECLARED, SESSION_AT)
        session = session.recuse(APPLICATION.id, (recusal,))
    for number, choice in enumerate(choices):
        if (
            choice
            and number not in recused
            and (session.kind is not SessionKind.MEETING or IDS[number] in session.present)
        ):
            session = session.vote(APPLICATION.id, Vote(IDS[number], choice, SESSION_AT, "by"), 1)
    return session


def outcome(session: JurySession) -> str:
    try:
        return "carried" if session.carries(session.counted(APPLICATION.id)) else "not carried"
    except NotQuorate:
        return "not quorate"


def poll(session: JurySession, kind: str) -> Poll:
    item, held = session.item(APPLICATION.id), session.rules
    return Poll(
        kind=kind,
        majority=held.majority.value,
        quorum_percent=held.quorum_percent,
        quorum_count=held.quorum_count,
        recused_count_for_quorum=held.recused_count_for_quorum,
        seats=held.seats,
        present=session.present,
        recused=[recusal.member_id for recusal in item.recusals],
        votes={vote.member_id: vote.choice.value for vote in item.votes},
        hands=(item.hands.yes, item.hands.no, item.hands.abstain) if item.hands else (0, 0, 0),
        people=item.hands.present if item.hands else 0,
    )


@given(choices=CHOICES, recused=st.sets(PLACES, max_size=3), present=st.integers(1, SEATS), with_rules=RULES)
def test_a_jury_that_meets(
    choices: list[Choice | None], recused: set[int], present: int, with_rules: dict[str, Any]
) -> None:
    session = an_open_session(JURY, APPLICATION, **(with_rules | {"quorum_percent": 1}))
    session = session.attend(JURY, IDS[:present], SESSION_AT)
    try:
        session = voted(session, choices, recused)
        found = outcome(session)
    except NotQuorate:
        # Nobody's vote was taken: everybody who is there is recused.
        assert set(range(present)) <= recused
        return
    except NoVotes:
        assert not session.item(APPLICATION.id).votes
        return
    assert found == decide(poll(session, "meeting"))


@given(choices=CHOICES, recused=st.sets(PLACES, max_size=3), with_rules=RULES)
def test_a_jury_that_votes_in_writing(
    choices: list[Choice | None], recused: set[int], with_rules: dict[str, Any]
) -> None:
    session = open_written(in_writing(), a_procedure(JURY, **with_rules), "office", SESSION_AT)
    session = voted(session, choices, recused)
    if not session.item(APPLICATION.id).votes:
        return
    assert outcome(session) == decide(poll(session, "written_procedure"))


@given(
    hands=st.tuples(*[st.integers(0, 40)] * 3),
    silent=st.integers(0, 5),
    quorum_count=st.integers(0, 60),
    majority=st.sampled_from(Majority),
)
def test_an_assembly(hands: tuple[int, int, int], silent: int, quorum_count: int, majority: Majority) -> None:
    people = max(sum(hands) + silent, 1)
    held = Procedure.freeze(
        rules(decision_body="assembly", majority=majority, quorum_percent=0, quorum_count=quorum_count), 1, seats=0
    )
    planned = a_session(kind=SessionKind.ASSEMBLY, jury_id="").put_on(APPLICATION)
    opened = open_assembly(planned, 100, held, "host", SESSION_AT)
    opened = opened.put_motion(APPLICATION.id, 50_000, (), "host", SESSION_AT)
    counted = count_hands(opened, APPLICATION.id, Hands(*hands, people, "host", SESSION_AT), 1)
    assert outcome(counted) == decide(poll(counted, "assembly"))


@given(choices=CHOICES, member=PLACES, choice=st.sampled_from(Choice), with_rules=RULES)
def test_a_corrected_vote_counts_as_if_it_had_been_cast_so(
    choices: list[Choice | None], member: int, choice: Choice, with_rules: dict[str, Any]
) -> None:
    session = voted(an_open_session(JURY, APPLICATION, **with_rules), choices, set())
    if choices[member] in (None, choice):
        return
    before, counted = outcome(session), session.counted(APPLICATION.id)
    end = counted.awarded("g", "o", SESSION_AT) if before == "carried" else counted.declined("", "o", SESSION_AT)
    closed = session.with_item(end).close()
    corrected = correct_vote(closed, APPLICATION.id, IDS[member], choice, "verhört", "office", SESSION_AT)
    after = decide(poll(corrected, "meeting"))
    assert has_reopened(closed, corrected, APPLICATION.id) is (after != before)
    kept = corrected.item(APPLICATION.id).corrected_votes
    assert [(vote.before, vote.after) for vote in kept] == [(choices[member], choice)]
    if after == before:
        assert recount(corrected).agrees
    else:
        assert outcome(corrected) == after


def test_a_corrected_count_is_kept_beside_the_one_that_stood_there() -> None:
    held = Procedure.freeze(rules(decision_body="assembly", quorum_percent=0, quorum_count=5), 1, seats=0)
    planned = a_session(kind=SessionKind.ASSEMBLY, jury_id="").put_on(APPLICATION)
    session = open_assembly(planned, 30, held, "host", SESSION_AT)
    session = session.put_motion(APPLICATION.id, 50_000, (), "host", SESSION_AT)
    session = count_hands(session, APPLICATION.id, Hands(12, 10, 3, 30, "host", SESSION_AT), 0)
    awarded = session.counted(APPLICATION.id).awarded("g", "host", SESSION_AT)
    closed = session.with_item(awarded).close()
    same = correct_count(closed, APPLICATION.id, 13, 10, 3, "verzählt", "host", SESSION_AT)
    assert same.item(APPLICATION.id).status is ItemStatus.AWARDED
    assert recount(same).agrees
    turned = correct_count(same, APPLICATION.id, 10, 13, 3, "vertauscht", "host", SESSION_AT)
    item = turned.item(APPLICATION.id)
    assert (item.status, [count.before.yes for count in item.corrected_counts]) == (ItemStatus.OPEN, [12, 13])


def in_writing() -> JurySession:
    """Invited, with a week to vote."""
    until = end_of_day(SESSION_AT.date() + timedelta(days=7))
    session = a_session(JURY, kind=SessionKind.WRITTEN_PROCEDURE, ends_at=until)
    return session.put_on(APPLICATION).invite()

"""A session in any order of what people do in it: no award without a quorate decision in which no recused member voted."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chassis.refusals import Refusal
from services.funds.domain.agenda_item import ItemStatus, Recusal, RecusalGround
from services.funds.domain.correction import correct_vote, recuse_later
from services.funds.domain.fund_rules import Majority
from services.funds.domain.jury_session import JurySession
from services.funds.domain.recount import recount
from services.funds.domain.session_status import SessionStatus
from services.funds.domain.vote import Choice, Vote
from tests.support.count import Poll, decide
from tests.support.funds_decision import SESSION_AT, a_jury, an_application, an_open_session

JURY, APPLICATION = a_jury(5), an_application()
IDS = tuple(member.id for member in JURY.members)
MEMBERS = st.sampled_from(IDS)
DECIDED = {ItemStatus.AWARDED: "carried", ItemStatus.DECLINED: "not carried"}


class Sitting(RuleBasedStateMachine):
    """One item; whatever is refused changes nothing."""

    session: JurySession
    at: datetime = SESSION_AT

    @initialize(majority=st.sampled_from(Majority), counts=st.booleans(), percent=st.sampled_from([20, 50, 80]))
    def opens(self, majority: Majority, counts: bool, percent: int) -> None:
        held = {"majority": majority, "recused_count_for_quorum": counts, "quorum_percent": percent}
        self.session = an_open_session(JURY, APPLICATION, present=5, **held)

    @rule(cents=st.integers(1, 90_000), choices=st.lists(st.sampled_from(Choice), min_size=5, max_size=5))
    def is_moved_and_voted_on(self, cents: int, choices: list[Choice]) -> None:
        self.tries(lambda s: s.put_motion(APPLICATION.id, cents, (), "office", self.at))
        for member, choice in zip(IDS, choices, strict=True):
            self.votes(member, choice)

    @rule(member=MEMBERS, choice=st.sampled_from(Choice))
    def votes(self, member: str, choice: Choice) -> None:
        self.tries(lambda s: s.vote(APPLICATION.id, Vote(member, choice, self.at, "by"), 0))

    @rule(present=st.sets(MEMBERS, min_size=2, max_size=5))
    def come_and_go(self, present: set[str]) -> None:
        self.tries(lambda s: s.attend(JURY, tuple(sorted(present)), self.at))

    @rule(member=MEMBERS)
    def steps_back(self, member: str) -> None:
        recusal = Recusal(member, RecusalGround.DECLARED, self.at)
        self.tries(lambda s: s.recuse(APPLICATION.id, (recusal,)))

    @rule(member=MEMBERS)
    def is_found_to_be_biased(self, member: str) -> None:
        recusal = Recusal(member, RecusalGround.AFFILIATION, self.at, "office", "Nachbar")
        self.tries(lambda s: recuse_later(s, APPLICATION.id, recusal, "Nachbar"))

    @rule(member=MEMBERS, choice=st.sampled_from(Choice))
    def was_misheard(self, member: str, choice: Choice) -> None:
        self.tries(lambda s: correct_vote(s, APPLICATION.id, member, choice, "verhört", "office", self.at))

    @rule()
    def is_concluded(self) -> None:
        self.tries(self.conclude)

    @rule()
    def is_closed(self) -> None:
        self.tries(JurySession.close)

    def conclude(self, session: JurySession) -> JurySession:
        counted = session.counted(APPLICATION.id)
        if session.carries(counted):
            return session.with_item(counted.awarded("g", "office", self.at))
        return session.with_item(counted.declined("", "office", self.at))

    def tries(self, step: Callable[[JurySession], JurySession]) -> None:
        self.at += timedelta(minutes=1)
        with suppress(Refusal):
            self.session = step(self.session)

    @invariant()
    def nobody_who_is_recused_has_a_vote(self) -> None:
        item = self.session.item(APPLICATION.id)
        assert not item.recused & set(item.voters)
        assert len(set(item.voters)) == len(item.voters)

    @invariant()
    def what_is_decided_follows_from_the_votes(self) -> None:
        item, held = self.session.item(APPLICATION.id), self.session.rules
        assert recount(self.session).agrees
        if item.status not in DECIDED:
            assert (item.grant_id, item.approved_cents, item.tally) == ("", 0, None)
            return
        poll = Poll(
            kind="meeting",
            majority=held.majority.value,
            quorum_percent=held.quorum_percent,
            quorum_count=held.quorum_count,
            recused_count_for_quorum=held.recused_count_for_quorum,
            seats=held.seats,
            present=item.present,
            recused=list(item.recused),
            votes={vote.member_id: vote.choice.value for vote in item.votes},
        )
        assert decide(poll) == DECIDED[item.status]

    @invariant()
    def a_closed_session_has_nothing_open(self) -> None:
        if self.session.status is SessionStatus.CLOSED:
            assert not self.session.ended(ItemStatus.OPEN)


TestSitting = Sitting.TestCase
TestSitting.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)

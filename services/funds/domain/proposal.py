"""A proposal (Vorschlag zum Bürgerhaushalt): what somebody wishes for the district, and its public course."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.funds.domain.proposal_text import ProposalText
from services.funds.domain.reference import Reference
from services.funds.domain.refusals.proposal import (
    MergedIntoItself,
    NotOnThisWay,
    ProposalInState,
)


class ProposalStatus(StrEnum):
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    ROUTED = "routed"
    VOTING = "voting"
    RANKED = "ranked"
    COUNCIL = "council"
    ACCEPTED = "accepted"
    IMPLEMENTING = "implementing"
    IMPLEMENTED = "implemented"
    REJECTED = "rejected"
    FORWARDED = "forwarded"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


class ProposalWay(StrEnum):
    """The four ways: within the budget of today, to the vote, not possible, or to a fund, whose jury stays free."""

    FEASIBLE = "feasible"
    VOTE = "vote"
    IMPOSSIBLE = "impossible"
    FUND = "fund"


class ProposalChannel(StrEnum):
    """How it came; what came on paper or was said in person is entered on behalf."""

    ONLINE = "online"
    PAPER = "paper"
    IN_PERSON = "in_person"


class CouncilOutcome(StrEnum):
    """What was resolved on a proposal."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


S, W = ProposalStatus, ProposalWay
# Nothing is decided yet: it may be joined with another, belong to somebody else, or be taken back.
UNDECIDED = (S.SUBMITTED, S.IN_REVIEW, S.ROUTED)


@dataclass(frozen=True, slots=True)
class ProposalStep:
    """One step of the public course; the first one needs no `reason`. `by` is the `sub` and stays inside."""

    status: ProposalStatus
    at: datetime
    by: str
    reason: str
    way: str = ""
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """`handed_in` stays inside; `released` are the words that everyone may read, None before the office has read them.

    `contact_refs` are the persons to tell: who proposed it, and who proposed what was merged into it. `place` is its place in the
    order of the votes, 0 before; `chosen` whether the vote chose it.
    """

    id: str
    region: str
    channel: ProposalChannel
    handed_in: ProposalText | None
    submitted_at: datetime
    proposer_sub: str = ""
    entered_by: str = ""
    contact_refs: tuple[str, ...] = ()
    status: ProposalStatus = S.SUBMITTED
    released: ProposalText | None = None
    way: ProposalWay | None = None
    estimated_cents: int = 0
    fund_id: str = ""
    application_id: str = ""
    ballot_id: str = ""
    place: int = 0
    chosen: bool = False
    decision: Reference | None = None
    authority: str = ""
    merged_into: str = ""
    merged_from: tuple[str, ...] = ()
    course: tuple[ProposalStep, ...] = ()
    version: int = 0

    @property
    def title(self) -> str:
        """The released title; empty before."""
        return self.released.title if self.released else ""

    @property
    def reason(self) -> str:
        """Why the last step was taken."""
        return self.course[-1].reason

    def public(self) -> "Proposal":
        """Without the person, what they wrote themselves, and an application that is nobody's business yet."""
        course = tuple(replace(step, by="") for step in self.course)
        hidden = replace(self, handed_in=None, proposer_sub="", entered_by="", contact_refs=(), application_id="")
        return replace(hidden, course=course)

    def review(self, text: ProposalText, reason: str, by: str, at: datetime) -> "Proposal":
        """Take it up, and release its words, without what must not be public."""
        self._only(S.SUBMITTED)
        return replace(self, released=text)._to(S.IN_REVIEW, reason, by, at)

    def reword(self, text: ProposalText, reason: str, by: str, at: datetime) -> "Proposal":
        """Release other words, at any time but during a vote, which is on the words of its opening; what was taken back has none."""
        self._only(*(status for status in S if status not in (S.SUBMITTED, S.VOTING, S.WITHDRAWN)))
        return replace(self, released=text)._to(self.status, reason, by, at)

    def route(
        self, way: ProposalWay, estimated_cents: int, fund_id: str, reason: str, by: str, at: datetime
    ) -> "Proposal":
        """Choose a way, or another one; what a vote did not choose may be routed again."""
        self._only(S.IN_REVIEW, S.ROUTED, S.RANKED)
        sent = replace(self, way=way, estimated_cents=estimated_cents, fund_id=fund_id, application_id="")
        return replace(sent, ballot_id="", place=0, chosen=False)._to(S.ROUTED, reason, by, at)

    def link_application(self, application_id: str, reason: str, by: str, at: datetime) -> "Proposal":
        """Note what it has become in the fund that it was sent to."""
        self._only(S.ROUTED)
        self._on_way(W.FUND)
        return replace(self, application_id=application_id)._to(S.ROUTED, reason, by, at)

    def enter_vote(self, ballot_id: str, reason: str, by: str, at: datetime) -> "Proposal":
        self._only(S.ROUTED)
        self._on_way(W.VOTE)
        return replace(self, ballot_id=ballot_id)._to(S.VOTING, reason, by, at)

    def rank(self, place: int, chosen: bool, reason: str, by: str, at: datetime) -> "Proposal":
        self._only(S.VOTING)
        return replace(self, place=place, chosen=chosen)._to(S.RANKED, reason, by, at)

    def leave_vote(self, reason: str, by: str, at: datetime) -> "Proposal":
        """The ballot was cancelled."""
        self._only(S.VOTING)
        return replace(self, ballot_id="")._to(S.ROUTED, reason, by, at)

    def put_to_council(self, reference: Reference | None, reason: str, by: str, at: datetime) -> "Proposal":
        """Recommend it, or its rejection; what cannot be carried out after all goes there again."""
        self._only(S.ROUTED, S.RANKED, S.ACCEPTED, S.IMPLEMENTING)
        if self.status is S.ROUTED:
            self._on_way(W.FEASIBLE, W.IMPOSSIBLE)
        return replace(self, decision=None)._to(S.COUNCIL, reason, by, at, reference)

    def decide(self, outcome: CouncilOutcome, reference: Reference, reason: str, by: str, at: datetime) -> "Proposal":
        """What the council resolved, or the jury of the fund that it was sent to."""
        self._only(S.ROUTED, S.COUNCIL)
        if self.status is S.ROUTED:
            self._on_way(W.FUND)
        decided = replace(self, decision=reference)
        return decided._to(S(outcome.value), reason, by, at, reference)

    def start_implementation(self, reason: str, by: str, at: datetime) -> "Proposal":
        self._only(S.ACCEPTED)
        return self._to(S.IMPLEMENTING, reason, by, at)

    def finish_implementation(self, reason: str, by: str, at: datetime) -> "Proposal":
        self._only(S.IMPLEMENTING)
        return self._to(S.IMPLEMENTED, reason, by, at)

    def reject(self, reason: str, by: str, at: datetime) -> "Proposal":
        """Without the council: what is no proposal at all, or what a vote did not choose."""
        self._only(S.SUBMITTED, S.IN_REVIEW, S.RANKED)
        return self._to(S.REJECTED, reason, by, at)

    def forward(self, authority: str, reason: str, by: str, at: datetime) -> "Proposal":
        """Another authority decides on it."""
        self._only(*UNDECIDED)
        return replace(self, authority=authority)._to(S.FORWARDED, reason, by, at)

    def withdraw(self, reason: str, by: str, at: datetime) -> "Proposal":
        """Take it back: that it was there stays public, its words do not."""
        self._only(*UNDECIDED)
        return replace(self, released=None)._to(S.WITHDRAWN, reason, by, at)

    def merge_into(self, other: "Proposal", reason: str, by: str, at: datetime) -> tuple["Proposal", "Proposal"]:
        """The merged one, which leads to `other` from now on, and the other, whose course says so; both courses stay."""
        if other.id == self.id:
            raise MergedIntoItself
        self._only(*UNDECIDED)
        other._only(*UNDECIDED)
        refs = tuple(dict.fromkeys((*other.contact_refs, *self.contact_refs)))
        merged = replace(self, merged_into=other.id)._to(S.MERGED, reason, by, at)
        joined = replace(other, contact_refs=refs, merged_from=(*other.merged_from, self.id))
        return merged, joined._to(other.status, reason, by, at)

    def _to(
        self, status: ProposalStatus, reason: str, by: str, at: datetime, reference: Reference | None = None
    ) -> "Proposal":
        step = ProposalStep(status, at, by, reason, self.way or "", reference)
        return replace(self, status=status, course=(*self.course, step))

    def _only(self, *allowed: ProposalStatus) -> None:
        if self.status not in allowed:
            raise ProposalInState(self.status, allowed)

    def _on_way(self, *allowed: ProposalWay) -> None:
        if self.way not in allowed:
            raise NotOnThisWay(self.way or "none", allowed)


def submit_proposal(
    *,
    id: str,
    region: str,
    channel: ProposalChannel,
    text: ProposalText,
    by: str,
    contact_refs: tuple[str, ...],
    at: datetime,
) -> Proposal:
    """A proposal that came in; online it is the caller's own."""
    own = channel is ProposalChannel.ONLINE
    submitted = Proposal(
        id=id,
        region=region,
        channel=channel,
        handed_in=text,
        submitted_at=at,
        proposer_sub=by if own else "",
        entered_by="" if own else by,
        contact_refs=contact_refs,
    )
    return submitted._to(S.SUBMITTED, "", by, at)

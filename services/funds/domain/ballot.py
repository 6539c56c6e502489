"""A ballot (Votierung): people with a code vote on proposals, under terms that are frozen before the first vote."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.funds.domain.ballot_result import BallotResult, ProposalVotes, add_papers, work_out
from services.funds.domain.ballot_rules import BallotRules
from services.funds.domain.ballot_terms import BallotChoice, BallotOption, BallotTerms, lot_sha256
from services.funds.domain.refusals.ballot import (
    BallotInState,
    BallotNotCounted,
    BallotTimesWrong,
    OptionAboveBudget,
    TooFewOptions,
    TooFewVotes,
    TooManyCodes,
    VotingHasBegun,
    VotingIsOver,
    VotingNotBegun,
)

MOST_CODES = 100_000
# Rows are counted by the first byte of their seals, so many bytes at once that about so many rows come together.
PIECES = 256
ROWS_AT_ONCE = 300
# Longer than any transaction lives: what is revoked before it is gone when the first vote comes.
REVOKED_BEFORE = timedelta(minutes=1)


class BallotStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


S = BallotStatus


@dataclass(frozen=True, slots=True)
class Ballot:
    """Votes count from `opens_at` to before `closes_at`, by the calendar alone. `terms` stand from the opening on.

    `codes_made` counts revoked ones, too. `tally`, `papers` and `steps_done` grow while it is counted; `result` is there after that.
    """

    id: str
    region: str
    name: str
    rules: BallotRules
    opens_at: datetime
    closes_at: datetime
    proposal_ids: tuple[str, ...]
    secret_seed: str
    status: BallotStatus = S.DRAFT
    terms: BallotTerms | None = None
    codes_made: int = 0
    codes_issued: int = 0
    steps_done: int = 0
    tally: tuple[ProposalVotes, ...] = ()
    papers: int = 0
    result: BallotResult | None = None
    reason: str = ""
    version: int = 0

    @property
    def is_public(self) -> bool:
        """From its opening on."""
        return self.terms is not None

    @property
    def options(self) -> tuple[BallotOption, ...]:
        return self.terms.options if self.terms else ()

    @property
    def terms_text(self) -> str:
        return self.terms.text if self.terms else ""

    @property
    def terms_sha256(self) -> str:
        return self.terms.sha256 if self.terms else ""

    @property
    def lot_sha256(self) -> str:
        return lot_sha256(self.secret_seed)

    @property
    def lot_seed(self) -> str:
        """Told with the result; nobody knows it before."""
        return self.secret_seed if self.status is S.PUBLISHED else ""

    def public(self) -> "Ballot":
        """Without a result that is not published yet."""
        return self if self.status is S.PUBLISHED else replace(self, result=None)

    def revise(
        self, name: str, rules: BallotRules, opens_at: datetime, closes_at: datetime, proposal_ids: tuple[str, ...]
    ) -> "Ballot":
        self._only(S.DRAFT)
        rules.check()
        return replace(self, name=name, rules=rules, opens_at=opens_at, closes_at=closes_at, proposal_ids=proposal_ids)

    def open(self, options: tuple[BallotOption, ...], reason: str, at: datetime) -> "Ballot":
        """Freeze everything; nothing of it changes any more, and voting begins at `opens_at` or, when that has passed, now."""
        self._only(S.DRAFT)
        self.check_times(at)
        if len(options) < 2:
            raise TooFewOptions
        dear = [o.title for o in options if self.rules.budget_cents and o.cost_cents > self.rules.budget_cents]
        if dear:
            raise OptionAboveBudget(dear[0], self.rules.budget_cents)
        terms = BallotTerms(
            self.id, self.region, self.opens_at, self.closes_at, self.rules, options, lot_sha256(self.secret_seed)
        )
        return replace(self, status=S.OPEN, terms=terms, reason=reason)

    def check_times(self, at: datetime) -> None:
        if self.closes_at <= self.opens_at:
            raise BallotTimesWrong("closes_at", "must lie after opens_at")
        if self.closes_at <= at:
            raise BallotTimesWrong("closes_at", "has passed already")

    def issue_codes(self, count: int, at: datetime) -> "Ballot":
        """Also while people vote: somebody may ask for a code on the last day."""
        self._only(S.DRAFT, S.OPEN)
        if at >= self.closes_at:
            raise VotingIsOver(self.closes_at)
        if self.codes_made + count > MOST_CODES:
            raise TooManyCodes(MOST_CODES)
        return replace(self, codes_made=self.codes_made + count, codes_issued=self.codes_issued + count)

    def revoke_codes(self, count: int, at: datetime) -> "Ballot":
        """Only before voting begins: later nobody can tell which votes were cast with them."""
        self._only(S.DRAFT, S.OPEN)
        if self.status is S.OPEN and at + REVOKED_BEFORE > self.opens_at:
            raise VotingHasBegun
        return replace(self, codes_issued=self.codes_issued - count)

    def voting_terms(self, at: datetime) -> BallotTerms:
        """What a vote of now is cast on; refuses one before the beginning and one at the closing instant or after it."""
        if self.status in (S.CLOSED, S.PUBLISHED):
            raise VotingIsOver(self.closes_at)
        self._only(S.OPEN)
        if at < self.opens_at:
            raise VotingNotBegun(self.opens_at)
        if at >= self.closes_at:
            raise VotingIsOver(self.closes_at)
        return self._terms

    def close(self) -> "Ballot":
        self._only(S.OPEN)
        return replace(self, status=S.CLOSED)

    @property
    def next_pieces(self) -> range:
        """The first bytes of the seals that are counted (or erased) next; none when all are. All steps are of about one size, so that no last
        one is so small that it tells on its voters.
        """
        steps = self._steps
        return range(self.steps_done * PIECES // steps, min(self.steps_done + 1, steps) * PIECES // steps)

    def count(self, papers: Iterable[tuple[BallotChoice, ...]]) -> "Ballot":
        """The votes of the next pieces; with the last ones the result is worked out."""
        self._only(S.CLOSED)
        some = tuple(papers)
        tally, count = add_papers(self.tally, some), self.papers + len(some)
        counted = replace(self.step(), tally=tally, papers=count)
        return counted if counted.next_pieces else counted._with_result()

    def step(self) -> "Ballot":
        return replace(self, steps_done=self.steps_done + 1)

    def _with_result(self) -> "Ballot":
        """Of too few votes there is none, not even for the office: totals would tell how single people voted."""
        if self.papers < self.rules.min_votes:
            return replace(self, tally=(), result=BallotResult((), self.papers, self.codes_issued, 0, 0))
        return replace(self, result=work_out(self._terms, self.tally, self.secret_seed, self.papers, self.codes_issued))

    def publish(self, reason: str) -> "Ballot":
        self._only(S.CLOSED)
        self.check_enough()
        return replace(self, status=S.PUBLISHED, reason=reason)

    def cancel(self, reason: str) -> "Ballot":
        """Every vote is erased unread."""
        self._only(S.DRAFT, S.OPEN, S.CLOSED)
        return replace(self, status=S.CANCELLED, result=None, tally=(), papers=0, steps_done=0, reason=reason)

    def check_enough(self) -> None:
        """Refuse a ballot that is not counted yet, or of which so few votes came that it does not count."""
        if self.counted.papers < self.rules.min_votes:
            raise TooFewVotes(self.rules.min_votes)

    @property
    def counted(self) -> BallotResult:
        if self.result is None:
            raise BallotNotCounted
        return self.result

    @property
    def _steps(self) -> int:
        return min(max(-(-self.codes_made // ROWS_AT_ONCE), 1), PIECES)

    @property
    def _terms(self) -> BallotTerms:
        if self.terms is None:
            raise BallotInState(self.status, (S.OPEN,))
        return self.terms

    def _only(self, *allowed: BallotStatus) -> None:
        if self.status not in allowed:
            raise BallotInState(self.status, allowed)

"""What funds says of ballots: on what people vote and by which rules, and what came of it; never a vote."""

from datetime import datetime

from chassis.envelope import Body, Published

WHY = "Whoever votes must be able to check the rules before and the result after."


class BallotRulesState(Body):
    """`kind` is votes or knapsack, `tie_rule` lower_cost or lot; 0 is no limit."""

    kind: str
    tie_rule: str
    votes_per_person: int
    votes_per_proposal: int
    budget_cents: int
    winners: int
    min_votes: int


class BallotOptionState(Body):
    proposal_id: str
    title: str
    cost_cents: int


class BallotState(Body):
    """Votes count from `opens_at` to before `closes_at`. `terms_sha256` is the hash of the frozen terms, whose text GetBallot answers;
    `lot_sha256` that of the seed with which a lot would be drawn, told with the result.
    """

    id: str
    region: str
    name: str
    status: str
    opens_at: datetime
    closes_at: datetime
    rules: BallotRulesState
    options: tuple[BallotOptionState, ...]
    terms_sha256: str
    lot_sha256: str


class BallotLineState(Body):
    """`place` is shared by those with as many votes, `position` the order after the tie rule. `outcome` is chosen, over_budget,
    beyond_winners or no_votes; `tie_decided` says that the tie rule decided between equals.
    """

    proposal_id: str
    cost_cents: int
    votes: int
    place: int
    position: int
    tied: bool
    tie_decided: bool
    outcome: str


class BallotResultState(Body):
    """`papers` is how many voted, `codes_issued` how many could; `left_cents` is what of the budget nothing fitted into."""

    lines: tuple[BallotLineState, ...]
    papers: int
    codes_issued: int
    chosen_cents: int
    left_cents: int


class BallotOpened(Published, audience="pub", why=WHY):
    """The terms are frozen; nothing of them changes any more."""

    state: BallotState


class BallotClosed(Published, audience="pub", why=WHY):
    """No more votes are taken; those that came are counted."""

    state: BallotState


class BallotResultPublished(Published, audience="pub", why=WHY):
    """The result stands; whoever has the frozen terms can work it out from the totals and `lot_seed`."""

    state: BallotState
    result: BallotResultState
    lot_seed: str


class BallotCancelled(Published, audience="pub", why=WHY):
    """A ballot that was open is called off, for this reason; its votes are erased unread."""

    state: BallotState
    reason: str

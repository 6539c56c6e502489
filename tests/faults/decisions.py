"""What juries and residents decided, counted again from the votes that lie in the store."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.faults.corrections import first_cast, first_counted, shown
from tests.faults.evidence import Evidence, Row

DECIDED = ("awarded", "declined")
CHOICES = ("yes", "no", "abstain")
OVER = ("closed", "minutes_approved")


def votes(found: Evidence) -> tuple[Row, ...]:
    """One row a vote: session_id, application_id, member_id, `cast` as it was said, `choice` as it counts."""
    return tuple(
        {"session_id": session["_id"], "application_id": item["application_id"]}
        | {"cast": first_cast(item, vote["member_id"])}
        | {name: vote[name] for name in ("member_id", "choice")}
        for session, item in _items(found)
        for vote in item["votes"]
    )


def hands(found: Evidence) -> tuple[Row, ...]:
    """One row a count: session_id, application_id, `first` as it was counted, `now` as it stands, each (yes, no, abstain)."""
    return tuple(
        {"session_id": session["_id"], "application_id": item["application_id"]}
        | {"first": first_counted(item), "now": shown(item["hands"])}
        for session, item in _items(found)
        if item["hands"]
    )


def voted_twice(found: Evidence) -> Iterator[str]:
    """Each member has one vote on an application."""
    cast = Counter((vote["session_id"], vote["application_id"], vote["member_id"]) for vote in votes(found))
    for (session, application, member), count in cast.items():
        if count > 1:
            yield f"{member} has {count} votes on {application} in session {session}"


def misjudged(found: Evidence) -> Iterator[str]:
    """A sentence for each item that did not end as its votes say, or of which the minutes say something else."""
    minutes = {
        (message.aggregate, result["number"]): result
        for message in found.of("minutes_approved")
        for result in message.body["results"]
    }
    grants = defaultdict(list)
    for grant in found.rows["funds"].get("grants", ()):
        if grant["status"] != "cancelled":
            grants[grant["session_id"], grant["application_id"]].append(grant["approved_cents"])
    for session, item in _items(found):
        name = f"item {item['number']} of session {session['_id']}"
        if session["status"] in OVER and item["status"] == "open":
            yield f"{name} is open, and the session over"
        if item["status"] not in DECIDED:
            continue
        outcome = _outcome(session, item)
        if item["status"] != outcome:
            yield f"{name} is {item['status']}; its votes say {outcome}"
        given = grants[session["_id"], item["application_id"]]
        if given != ([item["motion"]["amount_cents"]] if outcome == "awarded" else []):
            yield f"{name} is {outcome} by its votes, and its grants have {given}"
        if session["status"] == "minutes_approved":
            told = minutes.get((session["_id"], item["number"]), {})
            counted = _count(item) | {"outcome": outcome}
            if {key: told.get(key) for key in counted} != counted:
                yield f"{name} has {counted}, its minutes {told}"


def miscounted(found: Evidence) -> Iterator[str]:
    """A sentence for each ballot whose result is not what lies in its papers."""
    papers = defaultdict(list)
    for paper in found.rows["funds"].get("ballot_papers", ()):
        papers[paper["ballot_id"]].append(paper["choices"])
    for ballot in found.rows["funds"].get("ballots", ()):
        if not (result := ballot.get("result")):
            continue
        cast: Counter[str] = Counter()
        for choice in (choice for paper in papers[ballot["_id"]] for choice in paper):
            cast[choice["proposal_id"]] += choice["votes"]
        told = {line["proposal_id"]: line["votes"] for line in result["lines"]}
        if result["papers"] != len(papers[ballot["_id"]]) or told != {proposal: cast[proposal] for proposal in told}:
            yield f"ballot {ballot['_id']} tells {told} of {result['papers']} papers; in them are {dict(cast)}"


def _items(found: Evidence) -> Iterator[tuple[Row, Row]]:
    return ((session, item) for session in found.rows["funds"].get("sessions", ()) for item in session["agenda"])


def _count(item: Row) -> dict[str, int]:
    if item["hands"]:
        return {choice: item["hands"][choice] for choice in CHOICES}
    choices = Counter(vote["choice"] for vote in item["votes"])
    return {choice: choices[choice] for choice in CHOICES}


def _outcome(session: Row, item: Row) -> str:
    """By a simple majority, which is the rule of every fund of the workload; a recused member's vote is none."""
    recused = {recusal["member_id"] for recusal in item["recusals"]}
    if any(vote["member_id"] in recused for vote in item["votes"]):
        return "decided by a recused member"
    rules, may_decide = session["procedure"], len(set(item["present"]) - recused)
    if item["hands"]:
        may_decide = item["hands"]["present"]
    if may_decide < rules["quorum_count"] or 100 * may_decide < rules["quorum_percent"] * rules["seats"]:
        return "decided without a quorum"
    counted = _count(item)
    return "awarded" if counted["yes"] > counted["no"] else "declined"

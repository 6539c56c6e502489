"""The course of each application: on one agenda at a time, decided once, and no later than its round is published."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from tests.faults.evidence import Evidence, Message, Row

DECIDED = ("awarded", "declined")
ENDED = ("application_approved", "application_declined", "application_refused", "application_withdrawn")
# Whether it was put off, and how often it was decided: as it may be when its round is published.
SOUND = ((False, 1), (True, 0), (True, 1))


def decided_twice(found: Evidence) -> Iterator[str]:
    """An item is decided in one session only."""
    places: dict[str, list[str]] = defaultdict(list)
    for session in found.rows["funds"].get("sessions", ()):
        for item in session["agenda"]:
            if item["status"] in DECIDED:
                places[item["application_id"]].append(session["_id"])
    for application, sessions in places.items():
        if len(sessions) > 1:
            yield f"application {application} was decided in sessions {sessions}"


def misled(found: Evidence) -> Iterator[str]:
    """A sentence for each application that waits where nobody decides, and each that its round lost or has twice."""
    waits: dict[str, list[str]] = defaultdict(list)
    for session in found.rows["funds"].get("sessions", ()):
        for item in session["agenda"]:
            if item["status"] == "open" and session["status"] != "cancelled":
                waits[item["application_id"]].append(session["_id"])
    courses = defaultdict(list)
    for message in found.of(*ENDED, "application_deferred", "decision_revised", "application_submitted"):
        courses[message.aggregate].append(message)
    rounds = {row["_id"]: row for row in found.rows["funds"].get("rounds", ())}
    for application in found.rows["funds"].get("applications", ()):
        id = application["_id"]
        should = [application["session_id"]] if application["status"] == "scheduled" else []
        if waits[id] != should:
            yield f"application {id} is {application['status']}, and open in sessions {waits[id]}"
        if application["submitted_at"] and application["round_id"]:
            if application["round_id"] in rounds:
                yield from _in_its_round(application, rounds[application["round_id"]], courses[id])
            else:
                yield f"application {id} is of round {application['round_id']}, which is nowhere"
    yield from _unsaid(found, rounds)


def _in_its_round(application: Row, funding_round: Row, course: list[Message]) -> Iterator[str]:
    """It came before the end, is decided after it, and once; or put off once."""
    name = f"application {application['_id']} of round {funding_round['_id']}"
    if application["submitted_at"] >= funding_round["closes_at"]:
        yield f"{name} came at {application['submitted_at']}"
    for step in application["course"]:
        if step["status"] in ("approved", "declined") and step["at"] < funding_round["closes_at"]:
            yield f"{name} was {step['status']} while others could apply"
    said = Counter(message.fact for message in course)
    homes = {message.body["state"]["round_id"] for message in course}
    if homes != {funding_round["_id"]}:
        yield f"{name} was told to be of rounds {sorted(homes)}"
    end = (said["application_deferred"] > 0, sum(said[fact] for fact in ENDED) - said["decision_revised"])
    if funding_round["status"] == "published" and (end not in SOUND or said["application_deferred"] > 1):
        yield f"{name} is published with {dict(said)}"


def _unsaid(found: Evidence, rounds: Mapping[str, Row]) -> Iterator[str]:
    """Whatever became of a round was said in this order."""
    told = defaultdict(list)
    steps = ("opened", "closed", "decided", "published")
    for message in found.of(*(f"round_{step}" for step in steps)):
        told[message.aggregate].append(message.fact.removeprefix("round_"))
    for id, row in rounds.items():
        if row["status"] == "published" and told[id] != list(steps):
            yield f"round {id} is published, and was {told[id]}"

"""The entries of the calendar that are made by themselves, against the rounds and sessions that they stand for."""

from collections.abc import Iterator
from typing import Any

from tests.faults.evidence import Evidence, Row, at_path


def misplaced(found: Evidence) -> Iterator[str]:
    """One entry for each round and session, made by itself, that says when, where and what it is."""
    entries = {row.get("source_key"): row for row in found.rows["events"].get("calendar_events", ())}
    sources = [("funding_round", row) for row in found.rows["funds"].get("rounds", ())]
    sources += [("jury_session", row) for row in found.rows["funds"].get("sessions", ())]
    for kind, source in sources:
        entry = entries.pop(f"funds/{kind}/{source['_id']}", None)
        if entry is None:
            yield f"{kind} {source['_id']} has no entry"
            continue
        should = _should_say(kind, source)
        does = {name: at_path(entry, name) for name in should}
        does |= {"name": _name_told(kind, entry), "cancelled": entry["status"] == "cancelled"}
        if does != should:
            yield f"{kind} {source['_id']} is {should}, its entry {does}"
    made = [key for key in entries if key and key.startswith("funds/")]
    yield from (f"{key} stands in the calendar and nowhere else" for key in made)


def _should_say(kind: str, source: Row) -> dict[str, Any]:
    says = {"cancelled": source["status"] == "cancelled"}
    if kind == "jury_session":
        where = {"place.name": source["place"]} if source["place"] else {}
        return says | where | {name: source[name] for name in ("starts_at", "ends_at")} | {"name": source["title"]}
    return says | {"ends_at": source["closes_at"], "name": source["name"]}


def _name_told(kind: str, entry: Row) -> str:
    """The name of what an entry stands for: all that its description says, or what stands before its colon."""
    description = str(entry["description"])
    return description if kind == "jury_session" else description.rpartition(": ")[0]

"""What anyone may read without a token is listed field by field in public_fields.txt: a change of it is seen, and decided.

`+` is public, `-` was filled and is shown to no stranger, `?` was not filled by the records below.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from chassis.access import EVERYONE, Reach
from chassis.ports import Role, new_id
from kiezctl.issuer import ROLES
from tests.support.actors import registered, responsible
from tests.support.city import Started
from tests.support.client import Refused
from tests.support.filled import OWNER, Asked, in_actors, in_events, in_notify
from tests.support.filled_funds import in_funds
from tests.support.filled_seldom import seldom_in_events, seldom_in_funds, seldom_in_notify
from tools.access import SERVICES, tables

# The first of these tests waits until all of it is there.
pytestmark = pytest.mark.timeout(180)
LISTED = Path(__file__).with_name("public_fields.txt")
OPEN = [
    (service, rpc)
    for service in SERVICES
    for rpc, access in tables()[service].items()
    if access.get(EVERYONE) is Reach.PUBLIC
]
# What would name, reach or betray a person, whatever record it stands in. An actor's public contact is a function's.
PERSONAL = {
    "sub", "applicant_sub", "contact_ref", "person_ref", "iban", "payee", "decided_by", "entered_by", "updated_by", "author",
    "registered_by", "opened_by", "minutes_approved_by", "agreed_by", "by", "member_id", "present", "votes", "affiliations",
    "revised_by",
    "access", "report", "settled_by", "accepted_by", "submitted_by", "handed_in", "contact", "choices", "code", "codes",
}  # fmt: skip
# Nobody is told it there.
NEVER = ("RegistrationService/Register", "registration.person_ref")
# Numbers, not the members and not who voted how.
TOTALS = ("tally.present", "result.lines.votes")


@pytest_asyncio.fixture(scope="module")
async def found(actors: Started, funds: Started, events: Started, notify: Started) -> list[str]:
    """The lines as they are now."""
    running = {"actors": actors, "funds": funds, "events": events, "notify": notify}
    # First, since the clock that it moves would end the ballot of the usual ones.
    seldom = await seldom_in_funds(funds)
    asked = {
        "actors": await in_actors(actors),
        "funds": _both(await in_funds(funds), seldom),
        "events": _both(await in_events(events), await seldom_in_events(events)),
        "notify": _both(await in_notify(notify), await seldom_in_notify(notify)),
    }
    assert {(service, what.partition(" ")[0]) for service in SERVICES for what in asked[service]} == set(OPEN)
    lines = []
    for service, what, requests in ((s, what, requests) for s in SERVICES for what, requests in asked[s].items()):
        started, rpc = running[service], what.partition(" ")[0]
        # Who has a token first: an address can be registered once.
        inside = await _filled(started, rpc, requests, *(Role(role) for role in ROLES))
        public = await _filled(started, rpc, requests)
        _, answered = started.running.server._table[f"/kiezwerk.{service}.v1.{rpc}"]
        descriptor = next(a for a in started.running.service.apis if a.name.endswith(rpc.partition("/")[0])).descriptor
        possible = _possible(descriptor.methods_by_name[answered.name].output_type)
        marks = {path: "+" if path in public else "-" if path in inside else "?" for path in possible}
        lines += [f"{marks[path]} {service} {what.replace(' ', '_')} {path}" for path in sorted(possible)]
    return lines


def _both(asked: Asked, more: Asked) -> Asked:
    """All of these requests, and every list as pages of one, too."""
    found = {what: [*requests, *more.get(what, [])] for what, requests in asked.items()}
    pages = {what: [{**request, "page_size": 1} for request in found[what] if "page_size" in request] for what in found}
    return {what: [*requests, *pages[what]] for what, requests in found.items()}


async def _filled(started: Started, rpc: str, requests: list[dict[str, Any]], *roles: Role) -> set[str]:
    """The fields that any of the answers fills; each role asks for itself."""
    paths: set[str] = set()
    for request in requests:
        for role in roles or (None,):
            try:
                answer = await started.call(rpc, request, *([role] if role else []), sub=OWNER if role else "")
            except Refused as refusal:
                if refusal.code not in {"NOT_FOUND", "ALREADY_EXISTS", "FAILED_PRECONDITION"}:
                    raise
            else:
                paths |= set(_paths(answer, ""))
    return paths


def _paths(message: Message, prefix: str) -> Iterator[str]:
    for field, value in message.ListFields():
        path = f"{prefix}{field.name}"
        if field.message_type is None or field.message_type.full_name.startswith("google.protobuf."):
            yield path
            continue
        for one in value if field.is_repeated else (value,):
            yield from _paths(one, f"{path}.")


def _possible(descriptor: Descriptor, prefix: str = "") -> set[str]:
    found: set[str] = set()
    for field in descriptor.fields:
        path = f"{prefix}{field.name}"
        inner = field.message_type
        if inner is None or inner.full_name.startswith("google.protobuf."):
            found.add(path)
        else:
            found |= _possible(inner, f"{path}.")
    return found


def test_what_anyone_may_read_is_what_was_decided(found: list[str]) -> None:
    assert found == LISTED.read_text(encoding="utf-8").splitlines()


def test_nothing_public_names_or_reaches_a_person(found: list[str]) -> None:
    assert [line for mark, line in _personal(found) if mark == "+"] == []


def test_what_names_a_person_was_filled_where_it_is_not_shown(found: list[str]) -> None:
    assert [line for mark, line in _personal(found) if mark == "?"] == [NEVER]


def _personal(found: list[str]) -> list[tuple[str, tuple[str, str]]]:
    lines = [line.split() for line in found]
    return [
        (mark, (rpc, path))
        for mark, _, rpc, path in lines
        if PERSONAL & set(path.split(".")) and not path.endswith(TOTALS)
    ]


@pytest.mark.parametrize("visible", ["PARTNERS", "INTERNAL"])
async def test_contacts_that_are_not_public_are_in_no_public_answer(actors: Started, visible: str) -> None:
    contact = {"function": "Vorstand", "email": f"{new_id()}@verein.example", "visibility": f"VISIBILITY_{visible}"}
    actor = await registered(actors, contacts=[contact])
    await responsible(actors, actor.id, "114010", "RANK_MAIN")
    for rpc, request in {
        "ActorService/GetActor": {"actor_id": actor.id},
        "ActorService/BatchGetActors": {"actor_ids": [actor.id]},
        "ActorService/ListActors": {"region": "114009", "page_size": 500},
        "RelationService/ListResponsible": {"region": "114010", "day": "2027-02-01"},
    }.items():
        answer = await actors.call(rpc, request)
        assert actor.id in str(answer)
        assert contact["email"] not in str(answer), rpc

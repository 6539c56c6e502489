"""What the lists of all services ask of the store: little is read for a page, whatever the store's planner does."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from pymongo import monitoring

from chassis import logs
from chassis.ports import Role, new_id
from chassis.runtime import Service
from kiezctl.ports import HOST, SERVICES
from tests.support.city import City, Started
from tests.support.client import Refused
from tests.support.filled import in_actors, in_events, in_notify
from tests.support.filled_funds import in_funds

ROLES = tuple(
    Role(name)
    for name in ("applicant", "auditor", "coordinator", "fund_office", "jury", "operator", "organiser", "treasurer")
)
# What a service does not start without.
SETTINGS: dict[str, dict[str, Any]] = {"notify": {"smtp_host": HOST, "smtp_port": 1, "mail_from": "kiez@example.org"}}
FILL = {"actors": in_actors, "funds": in_funds, "events": in_events, "notify": in_notify}
PAGE_SIZE = 7
# Texts that end in the id of their row.
UNIQUE = {"_id", "starts_key", "newest_key"}


class _Pages(monitoring.CommandListener):
    """Notes what is sent for one page, while `call` is answered."""

    def __init__(self) -> None:
        self.call = ""
        self.found: list[dict[str, Any]] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        command = event.command
        # One more than the page holds tells whether another one follows.
        if command.get("limit") == PAGE_SIZE + 1 and logs.correlation_id() == self.call:
            self.found.append(dict(command))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Nothing to note."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Nothing to note."""


_PAGES = _Pages()
# Before any client is made: those that are there already are not listened to.
monitoring.register(_PAGES)


def _requests(message: Descriptor, ids: dict[str, str]) -> Iterator[dict[str, Any]]:
    """With a region alone, with all ids and words, and with every wish; `ids` are of records that are there."""
    fields = [field for field in message.fields if field.name not in {"page_size", "page_token", "order_by"}]
    region = {"region": "11"} if "region" in message.fields_by_name else {}
    text = {
        field.name: ids.get(field.name) or new_id() for field in fields if field.type == FieldDescriptor.TYPE_STRING
    }
    wishes = {field.name: 1 for field in fields if field.type == FieldDescriptor.TYPE_ENUM}
    wishes |= {field.name: True for field in fields if field.type == FieldDescriptor.TYPE_BOOL}
    for asked in (region, text | region, region | wishes, text | region | wishes):
        yield asked | {"page_size": PAGE_SIZE}


def _is_equality(wanted: Any) -> bool:
    """With one value, or with one of a few."""
    return not isinstance(wanted, dict) or (set(wanted) == {"$in"} and len(wanted["$in"]) < 10)


async def _ids(service: Service) -> dict[str, str]:
    """By the field that names it: one record of each kind that there is."""
    found = {}
    for name in service.store._indexes:
        row = await service.store.rows(name).find_one({}, {"_id": 1})
        if row is not None:
            found[f"{name.removeprefix('calendar_').removesuffix('s')}_id"] = str(row["_id"])
    return found


async def _pages_of(started: Started, rpc: str, message: Descriptor, ids: dict[str, str]) -> list[dict[str, Any]]:
    """What is sent for the pages of a list."""
    _PAGES.call, _PAGES.found = new_id(), []
    with logs.correlated(_PAGES.call):
        for asked in _requests(message, ids):
            with suppress(Refused):
                await started.call(rpc, asked, *ROLES)
    assert _PAGES.found, rpc
    return _PAGES.found


@pytest.mark.parametrize("name", SERVICES)
async def test_each_page_asks_by_equality_on_an_indexed_field_in_the_order_of_a_unique_key(
    city: City, name: str
) -> None:
    async with city.service(name, **SETTINGS.get(name, {})) as started:
        service = started.running.service
        await FILL[name](started)
        ids = await _ids(service)
        lists = {
            f"{api.name}/{rpc}": method.input_type
            for api in service.apis
            for rpc, method in api.descriptor.methods_by_name.items()
            if "page_token" in method.input_type.fields_by_name
        }
        sent = [command for rpc, message in lists.items() for command in await _pages_of(started, rpc, message, ids)]
        assert sent
        for command in sent:
            indexes = (await service.store.rows(command["find"]).index_information()).values()
            equal = {field for field, wanted in command["filter"].items() if _is_equality(wanted)}
            assert equal & {index["key"][0][0] for index in indexes}, command
            assert len(command["sort"]) == 1, command
            assert set(command["sort"]) <= UNIQUE, command

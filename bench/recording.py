"""The writes of one transaction as the driver sent them, to be repeated without anything around them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bson import json_util
from pymongo import monitoring

from chassis.ports import new_id

WRITES = ("insert", "update", "delete", "bulkWrite")
# Ids, and what else must differ from one repetition to the next.
_NEW_EACH_TIME = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32,64}")


class _Listener(monitoring.CommandListener):
    """Notes the writes inside of transactions, of every client that is made while it is there."""

    def __init__(self) -> None:
        self.transactions: dict[tuple[Any, int], list[dict[str, Any]]] = {}
        self.is_on = False

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        command = event.command
        if self.is_on and event.command_name in WRITES and "autocommit" in command:
            key = (bytes(command["lsid"]["id"]), int(command["txnNumber"]))
            made = _of_many(command) if event.command_name == "bulkWrite" else [_essence(event.command_name, command)]
            self.transactions.setdefault(key, []).extend(made)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Nothing to note."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Nothing to note: a transaction that was done anew is noted twice, and the last one counts."""


_LISTENER = _Listener()


def listen() -> None:
    """Once, before the clients are made whose writes are recorded."""
    monitoring.register(_LISTENER)


class Recording:
    """Commands of one transaction; `again()` gives them with new ids in place of all that they hold."""

    def __init__(self) -> None:
        self.commands: list[dict[str, Any]] = []

    def as_text(self) -> str:
        return json_util.dumps(self.commands)


@contextmanager
def recorded() -> Iterator[Recording]:
    """The writes of the last transaction of the block."""
    recording = Recording()
    _LISTENER.transactions.clear()
    _LISTENER.is_on = True
    try:
        yield recording
    finally:
        _LISTENER.is_on = False
        if _LISTENER.transactions:
            recording.commands = list(_LISTENER.transactions.values())[-1]


def again(text: str) -> list[dict[str, Any]]:
    """The recorded commands for one more repetition: the same shape and size, other ids throughout."""
    made: dict[str, str] = {}

    def other(found: re.Match[str]) -> str:
        old = found.group()
        if old not in made:
            fresh = new_id()
            made[old] = fresh if "-" in old else (fresh.replace("-", "") * 2)[-len(old) :]
        return made[old]

    commands: list[dict[str, Any]] = json_util.loads(_NEW_EACH_TIME.sub(other, text), json_options=_AWARE)
    return commands


_AWARE = json_util.JSONOptions(tz_aware=True)


def _essence(name: str, command: Any) -> dict[str, Any]:
    rows = {"insert": "documents", "update": "updates", "delete": "deletes"}[name]
    return {"what": name, "collection": command[name], "rows": list(command[rows])}


def _of_many(command: Any) -> list[dict[str, Any]]:
    """Each write of a bulkWrite as the command that it would be alone."""
    places = [place["ns"].partition(".")[2] for place in command["nsInfo"]]
    return [_alone(op, places) for op in command["ops"]]


def _alone(op: Any, places: list[str]) -> dict[str, Any]:
    what = next(iter(op))
    if what == "insert":
        row = op["document"]
    elif what == "update":
        row = {"q": op["filter"], "u": op["updateMods"], "upsert": op.get("upsert", False)}
    else:
        row = {"q": op["filter"], "limit": 0 if op.get("multi") else 1}
    return {"what": what, "collection": places[op[what]], "rows": [row]}


async def prepare(database: Any, commands: list[dict[str, Any]]) -> None:
    """Put the documents there that these commands replace."""
    for command in commands:
        if command["what"] == "update":
            for row in command["rows"]:
                if not row.get("upsert") and "_id" in row["u"]:
                    before = {**row["u"], **row["q"]}
                    await database[command["collection"]].replace_one({"_id": before["_id"]}, before, upsert=True)


async def transact(client: Any, database: Any, commands: list[dict[str, Any]]) -> None:
    """One transaction of the driver with these writes and nothing else."""
    async with await client.start_session() as session, session.start_transaction():
        for command in commands:
            rows = {"insert": "documents", "update": "updates", "delete": "deletes"}[command["what"]]
            await database.command({command["what"]: command["collection"], rows: command["rows"]}, session=session)

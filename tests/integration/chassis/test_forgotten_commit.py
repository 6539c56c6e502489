"""A store that commits, dies before it says so, and does not know of it when it is asked again: nothing is done twice."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pymongo.client_session import ClientSession
from pymongo.errors import AutoReconnect

from chassis.ports import Transaction, new_id
from chassis.refusals import Unavailable
from kiezctl.embedded import store_server
from tests.support.city import City
from tests.support.toy import Copy, a_toy


async def test_work_whose_commit_a_killed_store_forgot_is_not_done_anew(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, commit = asyncio.get_running_loop(), ClientSession._finish_transaction
    async with store_server(tmp_path / "store") as server, a_toy(city, store_uri=server.uri) as toy:
        works: list[str] = []

        async def die() -> None:
            await server.child.kill()
            await server.child.start()

        def dies_before_it_answers(session: ClientSession, conn: Any, command: str) -> Any:
            answer = commit(session, conn, command)
            if works and command == "commitTransaction":
                monkeypatch.undo()
                asyncio.run_coroutine_threadsafe(die(), loop).result(20)
                raise AutoReconnect("the answer was lost")
            return answer

        async def work(tx: Transaction) -> None:
            works.append(new_id())
            await toy.copies.put(tx, Copy(works[-1], 1))

        monkeypatch.setattr(ClientSession, "_finish_transaction", dies_before_it_answers)
        with pytest.raises(Unavailable) as refused:
            await toy.store.transact(work)
        assert refused.value.reason == "OUTCOME_UNKNOWN"
        assert await toy.copies.existing(works) == set(works[:1])
        assert len(works) == 1

"""Every secret made anew while the stack stands: what was known before opens nothing, and the work goes on."""

import asyncio
import shutil
from dataclasses import replace
from typing import Any

import grpc
import httpx
import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from kiezctl.issuer import Grant
from kiezctl.ports import SERVICES
from tests.compose.stack import Stack
from tests.compose.test_story import at_work, counted
from tests.faults.test_kills import sound

pytestmark = pytest.mark.timeout(600)
WORK_SECONDS = 5
KINDS = ("logins", "tokens", "certificates", "store-users", "store-roots")
STATUS = "/kiezwerk.operator.v1.OperatorService/GetOutboxStatus"


async def test_what_somebody_may_have_seen_opens_nothing_any_more(stack: Stack) -> None:
    async with at_work(stack) as before:
        await asyncio.sleep(WORK_SECONDS)
    sound(await counted(stack, before))
    await before.caller.close()
    seen = replace(stack, folder=stack.folder / "seen")
    shutil.copytree(stack.vault.folder, seen.vault.folder)
    await asyncio.to_thread(stack.run, "deploy/renew", *KINDS)
    stack.fetch_vault()
    await stack.ready()

    await _nothing_opens(stack, seen)
    async with at_work(stack) as after:
        await asyncio.sleep(WORK_SECONDS)
    after.caller.acknowledged[:0] = before.caller.acknowledged
    report = await counted(stack, after)
    await after.caller.close()
    sound(report)


async def _nothing_opens(stack: Stack, seen: Stack) -> None:
    async with httpx.AsyncClient(verify=seen.trusted) as web:
        with pytest.raises(httpx.ConnectError):
            await web.get(f"{stack.http('funds')}/readyz")
    for user in ("operator", "system", *SERVICES):
        assert not await stack.is_let_in(**seen.nats_login(user) | {"tls": stack.trusted})
        assert await stack.is_let_in(**stack.nats_login(user))
    token = seen.issuer.token("operator", Grant("operator"))
    async with grpc.aio.secure_channel(stack.grpc("funds")[0], stack.channel_credentials) as channel:
        invoke: Any = channel.unary_unary(STATUS)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await invoke(b"", timeout=10, metadata=(("authorization", f"Bearer {token}"),))
        assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
    for name in SERVICES:
        kept = seen.vault.folder / "stores" / name
        # To MongoDB the password of `__system`, who may do all; the stores were started with the new one.
        assert (kept / "keyfile").read_bytes() != (stack.vault.folder / "stores" / name / "keyfile").read_bytes()
        shown = stack.compose("exec", "-T", f"store-{name}", "cat", "/run/store/keyfile")
        assert shown == (stack.vault.folder / "stores" / name / "keyfile").read_text()
        for user, file, source in (("root", "root.password", "admin"), (name, "user.password", name)):
            host = stack.address(f"store-{name}", f"store-{name}")
            with (
                MongoClient[dict[str, Any]](
                    host, username=user, password=(kept / file).read_text(), authSource=source, directConnection=True
                ) as client,
                pytest.raises(OperationFailure),
            ):
                client[name]["outbox"].find_one()

"""The restore drill: everything is lost, a backup is put back, and nothing is missing and nothing happens again."""

import asyncio

import pytest

from kiezctl.ports import SERVICES
from tests.compose.project import DOWN, PROJECT, Failed
from tests.compose.stack import Stack
from tests.compose.test_story import at_work, counted
from tests.faults.caller import Caller
from tests.faults.people import OPERATOR
from tests.faults.test_kills import sound
from tests.support.city import eventually

pytestmark = pytest.mark.timeout(900)
WORK_SECONDS = 8
SAY_SECONDS = 120.0


async def test_a_backup_brings_everything_back_after_everything_is_lost(stack: Stack) -> None:
    async with at_work(stack) as workload:
        await asyncio.sleep(WORK_SECONDS)
    before = await counted(stack, workload)
    sound(before)
    said = await asyncio.to_thread(stack.run, "deploy/backup", "drill")
    assert "records of four stores" in said
    with pytest.raises(Failed, match="is not empty"):
        await asyncio.to_thread(stack.run, "deploy/restore", "drill")
    await asyncio.to_thread(stack.compose, *DOWN)
    await asyncio.to_thread(stack.run, "deploy/restore", "drill")
    await stack.ready()

    after = await counted(stack, workload)
    sound(after)
    assert (after.acknowledged, after.facts) == (before.acknowledged, before.facts)
    assert after.mails == before.mails, "letters were sent again"
    await _proved(workload.caller)
    mails = set((stack.folder / "mail").iterdir())
    async with at_work(stack, workload):
        await asyncio.sleep(WORK_SECONDS)
    again = await counted(stack, workload)
    sound(again)
    assert again.acknowledged > after.acknowledged
    # What was done since the backup is dropped, and no stream keeps it; its mails were sent, and are nobody's now.
    await asyncio.to_thread(stack.run, "deploy/restore", "drill", "--replace")
    await stack.ready()
    await _proved(workload.caller)
    await eventually(stack.collect_mail, 60)
    for mail in set((stack.folder / "mail").iterdir()) - mails:
        mail.unlink()
    await workload.caller.close()


async def test_a_service_that_is_told_to_end_while_it_works_ends_by_itself(stack: Stack) -> None:
    async with at_work(stack) as workload:
        before = workload.done

        async def works() -> bool:
            return workload.done > before

        await eventually(works, 60)
        await asyncio.to_thread(stack.compose, "stop", *SERVICES)
        codes = {name: stack.inspect(name)["State"]["ExitCode"] for name in SERVICES}
        await asyncio.to_thread(stack.compose, "start", *SERVICES)
    await workload.caller.close()
    assert codes == dict.fromkeys(SERVICES, 0)


async def _proved(caller: Caller) -> None:
    proof = await caller.ask(OPERATOR, "funds.LedgerService/VerifyLedger", region="11")
    assert proof.correct
    assert proof.postings > 0
    for name in SERVICES:

        async def all_said(operator: str = f"{name}.kiezwerk.operator.v1.OperatorService") -> bool:
            status = await caller.ask(OPERATOR, f"{operator}/GetOutboxStatus")
            return bool(status.unpublished == 0)

        await eventually(all_said, SAY_SECONDS)
        found = await caller.ask(OPERATOR, f"{name}.kiezwerk.operator.v1.OperatorService/ReconcileOutbox")
        assert (found.lacking, found.foreign) == (0, 0), name


async def test_a_lost_disk_of_nats_loses_nothing(stack: Stack) -> None:
    async with at_work(stack) as workload:
        await asyncio.sleep(WORK_SECONDS)
        await asyncio.to_thread(stack.compose, "rm", "--stop", "--force", "nats")
        await asyncio.to_thread(stack.docker, "volume", "rm", f"{PROJECT}_nats-data")
        await asyncio.to_thread(stack.compose, "up", "--detach", "--wait", "--wait-timeout", "300")
    sound(await counted(stack, workload))
    await _proved(workload.caller)
    await workload.caller.close()

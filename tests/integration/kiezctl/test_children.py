"""Children run under their starter, are started again when they die, and never outlive it."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kiezctl import supervisor as supervision
from kiezctl.child import LEASH, Child, ChildFailed, Program
from kiezctl.embedded import leash
from kiezctl.process import ProcessMark, mark
from kiezctl.supervisor import Supervisor
from tests.support.city import eventually

FOREVER = "import signal; signal.pause()"


async def _at_once() -> None:
    return None


async def _never() -> None:
    raise OSError("nobody listens")


def a_program(folder: Path, code: str = FOREVER, *, ready: Callable[..., object] = _at_once) -> Program:
    return Program("child", (sys.executable, "-I", "-S", "-c", code), folder / "child.log", ready)  # type: ignore[arg-type]  # either of the two above


@asynccontextmanager
async def supervised(program: Program) -> AsyncIterator[tuple[Supervisor, list[ProcessMark], list[str]]]:
    seen: list[ProcessMark] = []
    told: list[str] = []
    supervisor = Supervisor(told.append, lambda children: seen.extend(children.values()))
    await supervisor.start([program])
    try:
        yield supervisor, seen, told
    finally:
        await asyncio.wait_for(supervisor.stop(services_within=0.2), 3)


async def test_a_child_that_is_not_ready_in_time_shows_its_last_lines(tmp_path: Path) -> None:
    program = a_program(tmp_path, f"print('the port is taken', flush=True); {FOREVER}", ready=_never)
    with leash() as held:
        child = Child(program, held)
        with pytest.raises(ChildFailed, match=r"(?s)not ready within.*nobody listens"):
            await child.start(within=0.3)
        await eventually(lambda: _has_line(child, "the port is taken"))
        await child.kill()


async def _has_line(child: Child, line: str) -> bool:
    return line in child.last_lines()


async def test_a_child_that_ends_at_once_says_why(tmp_path: Path) -> None:
    with leash() as held, pytest.raises(ChildFailed, match=r"(?s)ended with code 3.*no such setting"):
        await Child(a_program(tmp_path, "print('no such setting'); raise SystemExit(3)", ready=_never), held).start()


@pytest.mark.parametrize("way", ["kernel", "pipe"])
def test_a_child_ends_with_its_starter_whatever_ends_that(tmp_path: Path, way: str) -> None:
    if way == "kernel" and sys.platform != "linux":
        pytest.skip("only Linux has it")
    starter = (
        "import os, subprocess, sys, signal; read, write = os.pipe();"
        f"child = subprocess.Popen([sys.executable, '-I', '-S', {str(LEASH)!r}, {way!r}, str(os.getpid()),"
        f" sys.executable, '-I', '-S', '-c', 'print(1, flush=True); {FOREVER}'], stdin=read, stdout=subprocess.PIPE);"
        "child.stdout.readline(); print(child.pid, flush=True); signal.pause()"
    )
    with subprocess.Popen([sys.executable, "-c", starter], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        child = mark(int(process.stdout.readline()))
        assert child.lives()
        process.send_signal(signal.SIGKILL)
    _wait_for_end(child)


def _wait_for_end(child: ProcessMark) -> None:
    for _ in range(500):
        if not child.lives():
            return
        with subprocess.Popen([sys.executable, "-I", "-S", "-c", ""]):
            pass
    pytest.fail(f"{child.pid} outlived its starter")


async def test_a_dead_child_is_started_again(tmp_path: Path) -> None:
    async with supervised(a_program(tmp_path)) as (_, seen, told):
        os.kill(seen[0].pid, signal.SIGKILL)

        async def again() -> bool:
            return "child runs again." in told and seen[-1].pid != seen[0].pid and seen[-1].lives()

        await eventually(again)


async def test_five_deaths_within_a_minute_end_all_with_the_last_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "FIRST_PAUSE", 0.01)
    once = tmp_path / "once"
    code = f"import os; print('I give up', flush=True); os.path.exists({str(once)!r}) and os._exit(9); open({str(once)!r}, 'w'); {FOREVER}"
    async with supervised(a_program(tmp_path, code)) as (supervisor, seen, _told):

        async def started() -> bool:
            return once.exists()

        await eventually(started)
        os.kill(seen[0].pid, signal.SIGKILL)
        with pytest.raises(ChildFailed, match=r"(?s)ended 5 times within a minute.*I give up"):
            await asyncio.wait_for(supervisor.failure(), 20)


async def test_wrong_settings_are_not_tried_again(tmp_path: Path) -> None:
    code = "import sys, time; time.sleep(0.5); sys.stdin.close(); print('wrong settings: FUNDS_JWKS'); raise SystemExit(78)"
    async with supervised(a_program(tmp_path, code)) as (supervisor, _, _told):
        with pytest.raises(ChildFailed, match=r"^child does not start: wrong settings: FUNDS_JWKS$"):
            await asyncio.wait_for(supervisor.failure(), 20)


async def test_stopping_ends_even_a_child_that_does_not_want_to(tmp_path: Path) -> None:
    code = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {FOREVER}"
    async with supervised(a_program(tmp_path, code)) as (_supervisor, seen, _told):
        assert seen[0].lives()
    assert not seen[0].lives()

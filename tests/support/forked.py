"""A service in a process of its own that is there in a moment: forked from one that has imported everything already."""

import importlib
import multiprocessing
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from kiezctl.issuer import ISSUER
from kiezctl.leash import ask_kernel
from kiezctl.ports import HOST
from kiezctl.probe import get
from kiezctl.strip import free_port
from tests.support.city import City, eventually

_FORKED = multiprocessing.get_context("forkserver")
START_SECONDS = 30.0


class Forked:
    """`services.<name>` on one store, started and killed for real, again and again; each life has ports of its own."""

    def __init__(self, city: City, name: str, store_name: str, **env: str) -> None:
        self._name, self._log = name, city.folder / f"{store_name}.log"
        prefix = name.upper()
        self._env = {
            f"{prefix}_STORE_URI": city.store_uri,
            f"{prefix}_STORE_NAME": store_name,
            f"{prefix}_NATS_URL": city.nats_url,
            f"{prefix}_JWKS": str(city.folder / "jwks.json"),
            f"{prefix}_TOKEN_FILE": str(city.folder / "token"),
            f"{prefix}_PERSON_KEY_FILE": str(city.folder / "person.key"),
            f"{prefix}_PUBLIC_URL": "https://kiez.test",
            "KIEZ_ISSUER": ISSUER,
            "KIEZ_MOVABLE_CLOCK": "1",
            "KIEZ_LOG_LEVEL": "warning",
        } | env
        _FORKED.set_forkserver_preload([f"services.{name}.app", "uvloop"])

    async def start(self) -> str:
        """Answers the address of its gRPC once it is ready."""
        grpc, http = free_port(), free_port()
        prefix = self._name.upper()
        here = {f"{prefix}_GRPC_ADDRESS": f"{HOST}:{grpc}", f"{prefix}_HTTP_ADDRESS": f"{HOST}:{http}"}
        self._process = _FORKED.Process(target=_serve, args=(self._name, self._env | here, self._log))
        self._process.start()

        async def ready() -> bool:
            assert self._process.is_alive(), self._log.read_text()[-2000:]
            try:
                await get(f"http://{HOST}:{http}/readyz")
            except (OSError, ValueError):
                return False
            return True

        await eventually(ready, START_SECONDS)
        return f"{HOST}:{grpc}"

    def kill(self) -> None:
        """End it as a crash does."""
        self._process.kill()
        self._process.join()
        self._process.close()


def _serve(name: str, env: Mapping[str, str], log: Path) -> None:
    ask_kernel(os.getppid())
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ.update(env)
    sys.argv = [name]
    settings = getattr(importlib.import_module(f"services.{name}.settings"), f"{name.title()}Settings")
    importlib.import_module("chassis.process").main(settings, importlib.import_module(f"services.{name}.app").build)

"""Where a running system answers: what `make up` writes down, or a file that KIEZ_ENDPOINTS names."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiezctl.ports import SERVICES
from kiezctl.trouble import Trouble

VARIABLE = "KIEZ_ENDPOINTS"


@dataclass(frozen=True)
class Endpoints:
    """Addresses: "host:port" of gRPC, URLs of everything else. `mail` is the page on which mail can be read, or empty."""

    services: Mapping[str, Mapping[str, str]]
    nats: str
    nats_monitor: str
    mail: str = ""
    smtp: str = ""
    stores: Mapping[str, str] | None = None

    def grpc(self, service: str) -> str:
        return self.services[service]["grpc"]

    def http(self, service: str) -> str:
        return self.services[service]["http"]

    def as_json(self) -> dict[str, Any]:
        """Every address, for people's scripts."""
        return {name: value for name, value in vars(self).items() if value}


def read_endpoints(path: Path) -> Endpoints:
    """What the file says, in the form of `as_json`; raises Trouble when it cannot be read so."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        found = Endpoints(**content)
        if any(set(found.services[name]) < {"grpc", "http"} for name in SERVICES):
            raise ValueError("an address is missing")
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Trouble(f"{path} ({VARIABLE}) is no file of endpoints: {error}.") from None
    return found


def named_endpoints() -> Endpoints | None:
    """Those of the file that KIEZ_ENDPOINTS names; None when it names none."""
    named = os.environ.get(VARIABLE)
    return read_endpoints(Path(named)) if named else None

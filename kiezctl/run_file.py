"""run.json: what runs now and where; other commands find the system by it, and a start finds what a killed one left."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from kiezctl.endpoints import Endpoints
from kiezctl.home import Home
from kiezctl.ports import HOST, SERVICES, Ports
from kiezctl.process import ProcessMark, mark
from kiezctl.trouble import Trouble
from kiezctl.wire import scheme


class NotRunning(Trouble):
    """There is no running system of this copy."""


@dataclass(frozen=True)
class Run:
    """A running system: its ports, its supervisor's process and those of its children by name."""

    ports: Ports
    supervisor: ProcessMark
    children: dict[str, ProcessMark] = field(default_factory=dict)

    @property
    def endpoints(self) -> Endpoints:
        ports = self.ports
        return Endpoints(
            services={
                name: {"grpc": f"{HOST}:{ports.grpc(name)}", "http": f"{scheme()}://{HOST}:{ports.http(name)}"}
                for name in SERVICES
            },
            nats=f"nats://{HOST}:{ports.nats}",
            nats_monitor=f"http://{HOST}:{ports.nats_monitor}",
            mail=f"http://{HOST}:{ports.mail}",
            smtp=f"{HOST}:{ports.smtp}",
            stores={name: f"mongodb://{HOST}:{ports.store(name)}/?directConnection=true" for name in SERVICES},
        )

    def save(self, path: Path) -> None:
        """Write it whole or not at all."""
        content = {
            "offset": self.ports.offset,
            "supervisor": asdict(self.supervisor),
            "children": {name: asdict(child) for name, child in self.children.items()},
            "endpoints": self.endpoints.as_json(),
        }
        draft = path.with_suffix(".new")
        draft.write_text(json.dumps(content, indent=2) + "\n")
        draft.replace(path)


def read_run(path: Path) -> Run | None:
    """What the file says, whether it still runs or not; None without a readable file."""
    try:
        content = json.loads(path.read_text())
        children = {name: ProcessMark(**child) for name, child in content["children"].items()}
        return Run(Ports(content["offset"]), ProcessMark(**content["supervisor"]), children)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def find_run(home: Home) -> Run:
    """The system of this copy that runs now; raises NotRunning."""
    run = read_run(home.run_file)
    if run is None or not run.supervisor.lives():
        raise NotRunning("Kiezwerk does not run here; start it with `make up`.")
    return run


def end_leftovers(home: Home) -> list[str]:
    """End the children that a killed supervisor left, and say which; no other process is ever touched."""
    run = read_run(home.run_file)
    if run is None or run.supervisor.lives():
        return []
    return [name for name, child in run.children.items() if child.end()]


def own_mark() -> ProcessMark:
    return mark(os.getpid())

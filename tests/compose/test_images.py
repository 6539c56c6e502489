"""What is inside of the images and around the containers: one service each, no more than it needs, nobody's root."""

import json
from typing import Any

import pytest

from kiezctl.ports import SERVICES
from tests.compose.project import PROJECT
from tests.compose.stack import Stack

OURS = (*SERVICES, "operator")
LOOK = """
import importlib.util, json, os, shutil
names = ["services.actors", "services.funds", "services.events", "services.notify", "secantus", "pytest", "nats_server", "aiosmtpd", "pip"]
def there(name):
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
print(json.dumps({
    "modules": [name for name in names if there(name)],
    "programs": [name for name in ("gcc", "cc", "make", "git", "secantusd-py", "nats-server") if shutil.which(name)],
    "ids": [os.getuid(), os.getgid()],
    "app": sorted(os.listdir("/app")),
    "tests": [name for name, folders, files in os.walk("/app") if "tests" in folders],
}))
"""


@pytest.mark.parametrize("name", OURS)
def test_an_image_holds_its_own_service_and_nothing_to_build_or_test_with(stack: Stack, name: str) -> None:
    image = f"kiezwerk-{name}:local"
    said = stack.docker("run", "--rm", "--read-only", "--network", "none", image, "python", "-c", LOOK)
    found = json.loads(said)
    assert found["modules"] == ([] if name == "operator" else [f"services.{name}"])
    assert found["programs"] == []
    assert found["ids"] == [10001, 10001]
    assert found["tests"] == []
    assert set(found["app"]) == {"chassis", "gen", "kiezctl", "lor"} | ({"services"} if name != "operator" else set())
    labels = json.loads(stack.docker("inspect", image))[0]["Config"]["Labels"]
    assert labels["org.opencontainers.image.title"] == f"kiezwerk-{name}"
    assert labels["org.opencontainers.image.licenses"] == "EUPL-1.2"


def test_the_funds_image_cannot_import_actors(stack: Stack) -> None:
    command = ("run", "--rm", "kiezwerk-funds:local", "python", "-c", "import services.actors")
    with pytest.raises(Exception, match=r"No module named 'services\.actors'"):
        stack.docker(*command)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_runs_as_nobody_with_a_root_file_system_that_it_cannot_write(stack: Stack, name: str) -> None:
    told = stack.inspect(name)
    host = told["HostConfig"]
    assert host["ReadonlyRootfs"] is True
    assert host["CapDrop"] == ["ALL"]
    assert not host["CapAdd"]
    assert host["Memory"] > 0
    assert host["NanoCpus"] > 0
    assert host["PidsLimit"] > 0
    assert host["RestartPolicy"]["Name"] == "unless-stopped"
    assert host["LogConfig"]["Config"]["max-size"]
    said = stack.compose("exec", "-T", name, "sh", "-c", "touch /app/x 2>&1; id -u; ls /vault 2>&1", check=False)
    assert "Read-only file system" in said
    assert "\n10001\n" in said
    assert "No such file" in said.rpartition("10001")[2]


def test_no_secret_stands_in_what_docker_shows(stack: Stack) -> None:
    secrets = [path.read_text().strip() for path in stack.vault.folder.rglob("*") if _is_secret(path.name)]
    assert len(secrets) > 15
    shown = "".join(json.dumps(stack.inspect(name)) for name in (*SERVICES, "nats", "store-funds", "operator"))
    shown += stack.compose("config") + stack.compose("logs", "--no-color")
    # Of a key over several lines, the first that is its own.
    assert not [secret for secret in secrets if secret.removeprefix("-----BEGIN PRIVATE KEY-----").split()[0] in shown]


def _is_secret(name: str) -> bool:
    return name.endswith((".password", ".nk", ".token", ".key", "keyfile", "issuer.pem"))


def test_no_health_check_runs_a_tool_in_an_image_that_is_not_ours(stack: Stack) -> None:
    compose: dict[str, Any] = json.loads(stack.compose("config", "--format", "json"))
    for name, service in compose["services"].items():
        ours = service["image"].startswith("kiezwerk-")
        assert ours or "healthcheck" not in service, name
        assert service.get("read_only"), name
        assert service.get("mem_limit"), name
        assert service.get("logging"), name


def test_every_published_port_is_on_loopback_unless_said_otherwise(stack: Stack) -> None:
    shown = stack.docker("ps", "--filter", f"label=com.docker.compose.project={PROJECT}", "--format", "{{.Ports}}")
    assert "127.0.0.1:" in shown
    assert "0.0.0.0:" not in shown.replace("127.0.0.1", "")
    assert "[::]" not in shown

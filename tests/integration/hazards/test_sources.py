"""What would bring a hazard back stands nowhere in our sources."""

import ast
import re

import pytest

from kiezctl.home import ROOT

SOURCES = [path for part in ("chassis", "services", "kiezctl") for path in (ROOT / part).rglob("*.py")]
RPCS = {"Check", "Watch", "ServerReflectionInfo"} | {
    name
    for path in (ROOT / "proto").rglob("*.proto")
    for name in re.findall(r"\brpc (\w+)", path.read_text(encoding="utf-8"))
}
# What a channel makes of the name of an rpc.
OF_A_CHANNEL = {"unary_unary", "unary_stream", "stream_unary", "stream_stream"}

FORBIDDEN = {
    # What it would do, and where alone it may stand.
    r"JStream\((?!stream\.name, declare=False)": (),
    # The reader's asks the servers of NATS to read their accounts anew: no fact.
    r"(jetstream|js|broker|client|nc)\.publish\(": ("chassis/outbox/relay.py", "kiezctl/provision/accounts.py"),
    r"asyncapi_path|try_it_out|AsgiFastStream": (),
    r"deny_delete(?!=False)": (),
    r"max_workers|PullSub\((?!batch_size=1,)": (),
    r"publish_async|Nats-Batch": (),
    r"methodConfig": (),
    r"(?m)^(import|from) motor": ("chassis/store/connection.py", "chassis/store/turns.py"),
    r"(?m)^(import|from) secantus": (),
}


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_what_would_bring_a_hazard_back_stands_nowhere(pattern: str) -> None:
    assert len(SOURCES) > 100
    found = {str(path.relative_to(ROOT)) for path in SOURCES if re.search(pattern, path.read_text(encoding="utf-8"))}
    assert found == set(FORBIDDEN[pattern])


def test_no_test_pretends_to_be_nats() -> None:
    pretender = "Test" + "NatsBroker"
    assert not [path for path in (ROOT / "tests").rglob("*.py") if pretender in path.read_text(encoding="utf-8")]


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _rpcs_called(function: ast.AST) -> list[ast.Call]:
    """The calls by a stub, by `getattr` of one, and by what a channel made in this function."""
    made = {
        _name(target)
        for node in ast.walk(function)
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call)
        if _name(node.value.func) in OF_A_CHANNEL
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    }

    def is_rpc(called: ast.expr) -> bool:
        if isinstance(called, ast.Call):
            return _name(called.func) in {"getattr", *OF_A_CHANNEL}
        return called.attr in RPCS if isinstance(called, ast.Attribute) else _name(called) in made

    return [node for node in ast.walk(function) if isinstance(node, ast.Call) and is_rpc(node.func)]


def test_every_call_of_an_rpc_passes_its_own_timeout() -> None:
    called = {
        f"{path.relative_to(ROOT)}:{call.lineno}": call
        for path in SOURCES
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for call in _rpcs_called(function)
    }
    places = {place.partition(":")[0] for place in called}
    assert {"chassis/rpc/neighbour.py", "kiezctl/demo/stage.py", "kiezctl/outbox.py", "kiezctl/status.py"} <= places
    assert not [place for place, call in called.items() if not _has_timeout(call)]


def _has_timeout(call: ast.Call) -> bool:
    given = [word.value for word in call.keywords if word.arg == "timeout"]
    return bool(given) and not (isinstance(given[0], ast.Constant) and given[0].value is None)

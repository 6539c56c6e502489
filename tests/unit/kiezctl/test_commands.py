"""What a person gets who types a command."""

import errno
import sys
from datetime import UTC, datetime
from pathlib import Path

import grpc
import jwt
import pytest
from google.protobuf.any_pb2 import Any
from google.rpc import error_details_pb2, status_pb2
from typer.testing import CliRunner

from kiezctl.__main__ import app, main
from kiezctl.home import ROOT, Home
from kiezctl.issuer import create_secrets
from kiezctl.trouble import Trouble, told


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("KIEZ_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home")


def ended(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["kiezctl", *words])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0)


def test_token_prints_the_token_and_nothing_else(home: Home) -> None:
    home.create()
    create_secrets(home)
    words = ["token", "--role", "fund_office", "--region", "11", "--role", "jury", "--sub", "me", "--ttl", "30m"]
    shown = CliRunner().invoke(app, words)
    claims = jwt.decode(shown.stdout.removesuffix("\n"), options={"verify_signature": False})
    assert claims["sub"] == "me"
    assert claims["kiez_roles"] == [{"role": "fund_office", "regions": ["11"]}, {"role": "jury", "regions": ["11"]}]
    assert claims["exp"] - datetime.now(UTC).timestamp() == pytest.approx(1800, abs=60)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["token", "--role", "boss"], "There is no role boss"),
        (["token", "--role", "jury", "--region", "99"], "99 is no region key"),
        (["token", "--role", "jury", "--ttl", "long"], "long is no span"),
        (["token", "--role", "jury"], "the first `make up` makes it"),
        (["status"], "Kiezwerk does not run here"),
        (["tail"], "Kiezwerk does not run here"),
        (["tail", "--service", "fonds"], "There is no service fonds"),
        (["tail", "--subject", "kiez.>", "--region", "11"], "Give either"),
        (["clock", "to", "tomorrow"], "tomorrow is no moment"),
        (["clock", "forward", "soon"], "soon is no span"),
        (["clock"], "Kiezwerk does not run here"),
        (["parked", "list"], "Kiezwerk does not run here"),
        (["parked", "redrive"], "Name either one message"),
        (["parked", "show", "x:1"], "Kiezwerk does not run here"),
        (["outbox", "status"], "Kiezwerk does not run here"),
        (["ledger", "verify"], "Kiezwerk does not run here"),
        (["export", "360giving", "--region", "11", "--year", "2027"], "Kiezwerk does not run here"),
        (["export", "dossier", "x"], "Kiezwerk does not run here"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    assert ended(monkeypatch, *words) == 1
    shown = capsys.readouterr()
    assert says in shown.err
    assert "Traceback" not in shown.err
    assert shown.out == ""


def test_reset_of_nothing_is_no_mistake(home: Home) -> None:
    assert CliRunner().invoke(app, ["reset", "--yes"]).exit_code == 0


def test_reset_asks_before_it_deletes(home: Home) -> None:
    home.create()
    create_secrets(home)
    assert CliRunner().invoke(app, ["reset"], input="n\n").exit_code == 1
    assert home.person_key.exists()
    assert CliRunner().invoke(app, ["reset"], input="y\n").exit_code == 0
    assert not home.person_key.exists()


def a_refusal() -> grpc.aio.AioRpcError:
    reason = error_details_pb2.ErrorInfo(reason="INVALID_FIELDS", domain="kiezwerk")
    fields = error_details_pb2.BadRequest()
    fields.field_violations.add(field="amount_cents", description="must be above zero")
    status = status_pb2.Status(code=grpc.StatusCode.INVALID_ARGUMENT.value[0], message="Please correct.")
    for detail in (reason, fields):
        packed = Any()
        packed.Pack(detail)
        status.details.append(packed)
    trailing = grpc.aio.Metadata(("grpc-status-details-bin", status.SerializeToString()))
    return grpc.aio.AioRpcError(grpc.StatusCode.INVALID_ARGUMENT, grpc.aio.Metadata(), trailing, "Please correct.")


def test_a_refusal_is_told_with_its_reason_and_its_fields() -> None:
    assert told(a_refusal()) == "INVALID_FIELDS: Please correct.\n  amount_cents: must be above zero"


def test_a_service_that_is_away_is_told_as_that() -> None:
    away = grpc.aio.AioRpcError(grpc.StatusCode.UNAVAILABLE, grpc.aio.Metadata(), grpc.aio.Metadata(), "connect failed")
    assert told(away) == "The service does not answer; `kiezctl status` says which parts run."


def test_a_full_disk_and_a_wrong_path_are_told() -> None:
    assert "disk is full" in str(told(OSError(errno.ENOSPC, "No space left on device")))
    assert told(FileExistsError(errno.EEXIST, "File exists", "/x")) == "File exists: /x"
    assert told(Trouble("so")) == "so"


def test_a_bug_is_not_hidden() -> None:
    assert told(KeyError("x")) is None


@pytest.mark.parametrize("known_by", ["endpoints", "vault"])
def test_reset_touches_no_vault_of_an_installation(home: Home, monkeypatch: pytest.MonkeyPatch, known_by: str) -> None:
    home.create()
    create_secrets(home)
    if known_by == "endpoints":
        monkeypatch.setenv("KIEZ_ENDPOINTS", str(ROOT / "deploy" / "endpoints.json"))
    else:
        home.store("funds").mkdir(parents=True)
        (home.store("funds") / "root.password").write_text("secret")
    assert ended(monkeypatch, "reset", "--yes") == 1
    assert home.person_key.exists()

"""What settings refuse before anything starts: one line that names the variable, exit code 78."""

from pathlib import Path

import pytest
from pydantic_settings import SettingsConfigDict

from chassis.loading import WRONG_SETTINGS, load
from chassis.settings import ServiceSettings
from tests.support.certificates import an_authority


class ToySettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="TOY_", frozen=True, extra="ignore")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x" * 32)
    values = {
        "TOY_STORE_URI": "mongodb://localhost",
        "TOY_STORE_NAME": "toy",
        "TOY_NATS_URL": "nats://localhost",
        "TOY_GRPC_ADDRESS": "127.0.0.1:7109",
        "TOY_HTTP_ADDRESS": "[::1]:7209",
        "TOY_JWKS": "jwks.json",
        "TOY_TOKEN_FILE": str(secret),
        "TOY_PERSON_KEY_FILE": str(secret),
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def refused(capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        load(ToySettings)
    assert ended.value.code == WRONG_SETTINGS == 78
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


def test_a_loopback_address_needs_no_tls() -> None:
    assert load(ToySettings).certificate is None


@pytest.mark.parametrize("address", ["0.0.0.0:7109", "[::]:7109", "10.1.2.3:7109", "funds.city.example:7109"])
@pytest.mark.parametrize("variable", ["TOY_GRPC_ADDRESS", "TOY_HTTP_ADDRESS"])
def test_a_port_that_others_reach_is_not_opened_without_tls(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variable: str, address: str
) -> None:
    monkeypatch.setenv(variable, address)
    said = refused(capsys)
    assert "KIEZ_TLS_CERTIFICATE is missing" in said
    assert f"{variable} {address}" in said


def test_inside_a_private_network_it_may_be_plain_when_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOY_GRPC_ADDRESS", "0.0.0.0:7109")
    monkeypatch.setenv("KIEZ_PLAINTEXT_NETWORK", "1")
    assert load(ToySettings).grpc_address == "0.0.0.0:7109"


def test_with_a_certificate_a_port_may_be_reached_by_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    certificate = an_authority(tmp_path).issue("toy")
    monkeypatch.setenv("TOY_GRPC_ADDRESS", "0.0.0.0:7109")
    monkeypatch.setenv("KIEZ_TLS_CERTIFICATE", str(certificate.chain))
    monkeypatch.setenv("KIEZ_TLS_KEY", str(certificate.key))
    assert load(ToySettings).certificate == certificate


def test_a_certificate_without_its_key_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    authority = an_authority(tmp_path)
    first, second = authority.issue("first"), authority.issue("second")
    monkeypatch.setenv("KIEZ_TLS_CERTIFICATE", str(first.chain))
    assert "KIEZ_TLS_KEY is missing" in refused(capsys)
    monkeypatch.setenv("KIEZ_TLS_KEY", str(second.key))
    assert "KIEZ_TLS_CERTIFICATE and KIEZ_TLS_KEY" in refused(capsys)
    monkeypatch.setenv("KIEZ_TLS_KEY", str(tmp_path / "nowhere"))
    assert "KIEZ_TLS_KEY names" in refused(capsys)


def test_authorities_that_cannot_be_read_are_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    monkeypatch.setenv("KIEZ_TLS_CA", str(tmp_path / "ca.pem"))
    assert "KIEZ_TLS_CA holds no certificates" in refused(capsys)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TOY_STORE_URI", "mongodb://kiez:Geheim/4711@store.example:27017/?w=majority"),
        ("TOY_STORE_URI", "mongodb://kiez:Geheim@4711@store.example:27017"),
        ("TOY_STORE_URI", "postgres://kiez:Geheim4711@store.example"),
        ("TOY_STORE_URI", "mongodb://kiez:Geheim4711@store.example:port"),
        ("TOY_NATS_URL", "nats://kiez:Geheim4711@nats.example:4222"),
    ],
)
def test_an_address_that_is_wrong_is_not_repeated_for_it_may_hold_a_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    said = refused(capsys)
    assert variable in said
    assert not any(part in said for part in ("Geheim", "4711", "kiez:"))


def test_a_password_in_the_stores_address_is_not_shown_with_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOY_STORE_URI", "mongodb://kiez:Geheim%2F4711@store.example:27017/?w=majority")
    settings = load(ToySettings)
    assert "Geheim" in settings.store_uri.get_secret_value()
    assert "Geheim" not in f"{settings!r} {settings} {settings.model_dump_json()}"


def test_the_stores_address_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TOY_STORE_URI")
    (tmp_path / "uri").write_text("mongodb://toy:secret@store\n")
    monkeypatch.setenv("TOY_STORE_URI_FILE", str(tmp_path / "uri"))
    assert load(ToySettings).store_uri.get_secret_value() == "mongodb://toy:secret@store"


def test_the_stores_address_in_two_places_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "uri").write_text("mongodb://other")
    monkeypatch.setenv("TOY_STORE_URI_FILE", str(tmp_path / "uri"))
    assert "TOY_STORE_URI and STORE_URI_FILE are both set" in refused(capsys)


@pytest.mark.parametrize("variable", ["TOY_STORE_URI_FILE", "TOY_NATS_NKEY_FILE", "TOY_TOKEN_FILE"])
def test_a_secret_whose_file_is_not_there_is_named(
    variable: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if variable == "TOY_STORE_URI_FILE":
        monkeypatch.delenv("TOY_STORE_URI")
    monkeypatch.setenv(variable, str(tmp_path / "nothing"))
    said = refused(capsys)
    assert variable in said
    assert "is no file" in said


@pytest.mark.parametrize("variable", ["TOY_NATS_NKEY_FILE", "KIEZ_TLS_CERTIFICATE", "KIEZ_TLS_KEY", "KIEZ_TLS_CA"])
def test_a_file_that_is_named_by_nothing_is_none(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "")
    settings = load(ToySettings)
    assert (settings.nats_nkey_file, settings.certificate, settings.tls_ca) == (None, None, None)


@pytest.mark.parametrize(
    ("variable", "says"), [("TOY_NATS_URL", "NATS server"), ("KIEZ_INSTALLATION", "Name of the installation")]
)
def test_what_does_not_fit_is_refused_with_what_it_should_be(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variable: str, says: str
) -> None:
    monkeypatch.setenv(variable, "no such thing!")
    assert f"{variable}: does not fit: {says}" in refused(capsys)

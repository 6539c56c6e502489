"""How long a letter is a sender's own: longer than the mail server may take for it, or nothing starts."""

from pathlib import Path

import pytest

from chassis.loading import WRONG_SETTINGS, load
from services.notify.settings import NotifySettings


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x" * 32)
    values = {
        "STORE_URI": "mongodb://localhost",
        "STORE_NAME": "notify",
        "NATS_URL": "nats://localhost",
        "GRPC_ADDRESS": "127.0.0.1:7104",
        "HTTP_ADDRESS": "127.0.0.1:7204",
        "JWKS": "jwks.json",
        "TOKEN_FILE": str(secret),
        "PERSON_KEY_FILE": str(secret),
        "PUBLIC_URL": "https://kiez.test",
        "FUNDS_ADDRESS": "127.0.0.1:7102",
        "EVENTS_ADDRESS": "127.0.0.1:7103",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": "25",
        "MAIL_FROM": "kiezwerk@kiez.test",
    }
    for name, value in values.items():
        monkeypatch.setenv(f"NOTIFY_{name}", value)


@pytest.mark.parametrize(
    "given",
    [
        {"LEASE_SECONDS": "1"},
        {"LEASE_SECONDS": "22.9"},
        {"SMTP_SECONDS": "58"},
        {"LEASE_SECONDS": "4", "SMTP_SECONDS": "1.5"},
    ],
)
def test_a_lease_that_may_end_before_the_mail_server_is_done_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: dict[str, str]
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"NOTIFY_{name}", value)
    with pytest.raises(SystemExit) as ended:
        load(NotifySettings)
    assert ended.value.code == WRONG_SETTINGS
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "NOTIFY_LEASE_SECONDS" in said


@pytest.mark.parametrize("given", [{}, {"LEASE_SECONDS": "23"}, {"LEASE_SECONDS": "5", "SMTP_SECONDS": "2"}])
def test_a_lease_that_outlasts_it_is_taken(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"NOTIFY_{name}", value)
    settings = load(NotifySettings)
    assert settings.lease_seconds > settings.smtp_seconds

"""What an installation in containers is provided with: each part its own secrets, kept, renewed, and nobody else's."""

import os
import re
import ssl
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import jwt
import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from typer.testing import CliRunner

from kiezctl import reader
from kiezctl.issuer import Grant, open_issuer
from kiezctl.ports import SERVICES
from kiezctl.provision.gauges import TAKEN, Gauges
from kiezctl.provision.nats_users import HEARS, durable, service_user
from kiezctl.provision.renewal import renew
from kiezctl.provision.vault import Vault
from kiezctl.trouble import Trouble
from tools.metrics import put_together

OF_A_SERVICE = {
    "ca.pem", "certificate.pem", "jwks.json", "key.pem", "nats.nk", "person.key", "store.uri", "token",
}  # fmt: skip
# How NATS writes a secret key of a user, an account or an operator: docs.nats.io, "NKeys".
SEED = re.compile(r"\bS[UAO][A-Z2-7]{56}\b")


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    made = Vault(tmp_path / "vault", tmp_path / "secrets")
    made.fill(("kiez.example",))
    return made


def files(vault: Vault) -> dict[str, bytes]:
    found = [path for folder in (vault.folder, vault.handed_out) for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(vault.folder.parent)): path.read_bytes() for path in found}


@pytest.mark.parametrize("name", SERVICES)
def test_logins_allow_to_hear_just_what_a_service_hears(name: str) -> None:
    heard = put_together(name).heard
    assert tuple(stream.name.lower() for stream in heard) == HEARS[name]
    allowed = service_user(name).publish
    for stream in heard:
        assert f"$JS.API.CONSUMER.MSG.NEXT.{stream.name.upper()}.{durable(name, stream.name.lower())}" in allowed


def test_each_part_has_its_own_files_and_no_others(vault: Vault) -> None:
    handed = {folder.name: {path.name for path in folder.iterdir()} for folder in vault.handed_out.iterdir()}
    for name in SERVICES:
        assert handed.pop(name) == OF_A_SERVICE
        assert handed.pop(f"store-{name}") == {"root.password", "keyfile"}
        assert handed.pop(f"prepare-{name}") == {"root.password", "user.password", "nats.nk"}
    assert handed == {
        "nats": {"ca.pem", "accounts.conf", "certificate.pem", "key.pem"},
        "operator": {"ca.pem", "certificate.pem", "key.pem"},
        "prometheus": {"ca.pem"},
        "grafana": {"password"},
    }


def test_nobody_but_its_owner_reads_a_secret(vault: Vault) -> None:
    for path in (*vault.folder.rglob("*"), *vault.handed_out.rglob("*")):
        if path.name not in {"jwks.json", "ca.pem"}:
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_passwords_differ_from_part_to_part(vault: Vault) -> None:
    passwords = [path.read_text() for path in (vault.folder / "stores").rglob("*.password")]
    assert len(set(passwords)) == len(passwords) == 2 * len(SERVICES)
    assert min(map(len, passwords)) >= 64


def test_what_is_there_stays(vault: Vault) -> None:
    before = files(vault)
    vault.fill(("kiez.example",))
    after = files(vault)
    # Tokens of the services are made anew each time, for a year.
    assert {name for name in before if before[name] != after[name]} <= {
        name for name in before if name.endswith((".token", "/token"))
    }
    assert before.keys() == after.keys()


def test_who_fills_a_vault_at_the_same_time_waits(vault: Vault) -> None:
    before = files(vault)
    with ThreadPoolExecutor(4) as at_once:
        for filled in [at_once.submit(vault.fill, ("kiez.example",)) for _ in range(8)]:
            filled.result()
    assert files(vault).keys() == before.keys()


def test_certificates_hold_the_names_and_only_nats_may_call(vault: Vault) -> None:
    for part in (*SERVICES, "nats", "operator"):
        shown = x509.load_pem_x509_certificate((vault.handed_out / part / "certificate.pem").read_bytes())
        names = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert part in names.get_values_for_type(x509.DNSName)
        uses = shown.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        assert (ExtendedKeyUsageOID.CLIENT_AUTH in uses) is (part == "nats")
        authority = x509.load_pem_x509_certificate((vault.folder / "ca.pem").read_bytes())
        shown.verify_directly_issued_by(authority)


def test_another_name_makes_another_certificate(vault: Vault) -> None:
    before = files(vault)["secrets/funds/certificate.pem"]
    vault.fill(("other.example",))
    assert files(vault)["secrets/funds/certificate.pem"] != before


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("logins", "secrets/funds/nats.nk"),
        ("tokens", "secrets/funds/jwks.json"),
        ("certificates", "secrets/nats/certificate.pem"),
        ("store-users", "secrets/funds/store.uri"),
    ],
)
def test_what_is_renewed_is_new_everywhere_and_the_rest_stays(vault: Vault, kind: str, changed: str) -> None:
    before = files(vault)
    renew(vault, (kind,), lambda sentence: None)
    vault.fill(("kiez.example",))
    after = files(vault)
    assert before[changed] != after[changed]
    assert before.keys() == after.keys()
    of_others = {
        "logins": "secrets/funds/certificate.pem",
        "tokens": "secrets/funds/nats.nk",
        "certificates": "secrets/funds/store.uri",
        "store-users": "secrets/store-funds/root.password",
    }
    assert before[of_others[kind]] == after[of_others[kind]]
    assert before["vault/secrets/person.key"] == after["vault/secrets/person.key"]


def test_a_kind_that_nobody_knows_renews_nothing(vault: Vault) -> None:
    before = files(vault)
    with pytest.raises(Trouble, match="everything"):
        renew(vault, ("logins", "everything"), lambda sentence: None)
    assert files(vault) == before


def test_a_reader_is_let_in_until_it_is_removed(vault: Vault) -> None:
    vault.add_reader("library", (), "11")
    assert "reader-library" in vault.accounts()
    assert vault.region_of("library") == "11"
    vault.remove_reader("library", ())
    assert "reader-library" not in vault.accounts()
    assert vault.region_of("library") == "00"
    assert SEED.search(vault.accounts()) is None, "a seed is a secret"
    assert SEED.search((vault.folder.parent / "secrets" / "funds" / "nats.nk").read_text()), "a seed looks otherwise"


def test_readers_are_listed_with_what_they_read(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    vault.add_reader("library", (), "11")
    vault.add_reader("open-data", (), vault.region_of("open-data"))
    monkeypatch.setenv("KIEZ_HOME", str(vault.folder))
    said = CliRunner().invoke(reader.app, ["list"]).output
    assert said.splitlines() == ["library: 11 Lichtenberg", "open-data: the whole city"]


@pytest.mark.parametrize(
    ("region", "subject"), [("00", "v1.>"), ("11", "v1.*.11.>"), ("114009", "v1.*.11.1140.114009.>")]
)
def test_a_reader_reads_its_region_and_below(region: str, subject: str) -> None:
    assert reader.readable("funds", region) == f"kiez.pub.funds.{subject}"


def test_a_token_of_the_operators_own_takes_the_place_of_ours(vault: Vault) -> None:
    (vault.folder / "own" / "funds.token").write_text("of-the-city")
    (vault.folder / "own" / "notify.smtp.password").write_text("of-the-mail-server")
    vault.fill(("kiez.example",))
    handed = files(vault)
    assert handed["secrets/notify/smtp.password"] == b"of-the-mail-server"
    assert "secrets/funds/smtp.password" not in handed
    assert handed["secrets/funds/token"] == b"of-the-city"
    claims = jwt.decode(handed["secrets/events/token"], options={"verify_signature": False})
    assert claims["sub"] == "service:events"
    assert open_issuer(vault.home).token("x", Grant("operator"))


async def test_the_machines_figures_are_shown_over_tls(vault: Vault) -> None:
    gauges = Gauges(vault, port=0)
    try:
        trusted = ssl.create_default_context(cafile=str(vault.folder / "ca.pem"))
        trusted.check_hostname = False
        async with httpx.AsyncClient(verify=trusted) as web:
            page = f"https://127.0.0.1:{gauges.port}/metrics"
            first = (await web.get(page)).text
            os.utime(vault.folder / "ca.key", (1_000, 1_000))
            before = (await web.get(page)).text
            (vault.folder / TAKEN).touch()
            os.utime(vault.folder / TAKEN, (2_000, 2_000))
            after = (await web.get(page)).text
    finally:
        gauges.close()
    for name in ("kiez_disk_size_bytes", "kiez_disk_free_bytes", 'kiez_certificate_end_timestamp_seconds{part="nats"}'):
        assert f"\n{name} " in first
    assert "\nkiez_backup_timestamp_seconds 1000.0" in before
    assert "\nkiez_backup_timestamp_seconds 2000.0" in after

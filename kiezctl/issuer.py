"""The local token issuer: it signs tokens for trying out, with a key that never leaves this copy."""

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from kiezctl.home import Home, write_secret
from kiezctl.ports import SERVICES
from kiezctl.run_file import NotRunning

ISSUER = "kiezwerk-local"
AUDIENCE = "kiezwerk"
ROLES = (
    "coordinator", "fund_office", "treasurer", "jury", "organiser", "partner", "applicant", "auditor", "operator", "service",
)  # fmt: skip


@dataclass(frozen=True)
class Grant:
    """A role with its reach: no regions means the whole city, no actors means not bound to one."""

    role: str
    regions: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()


class LocalIssuer:
    """Signs tokens with the key of this copy; made by `open_issuer`."""

    def __init__(self, key: RSAPrivateKey, key_id: str) -> None:
        self._key = key
        self._key_id = key_id

    def token(self, sub: str, *grants: Grant, ttl: timedelta = timedelta(hours=8)) -> str:
        """A JWT for `sub` with these roles, valid from now on the machine's clock."""
        now = datetime.now(UTC)
        roles = [
            {"role": grant.role}
            | ({"regions": list(grant.regions)} if grant.regions else {})
            | ({"actors": list(grant.actors)} if grant.actors else {})
            for grant in grants
        ]
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": sub, "iat": now, "exp": now + ttl, "kiez_roles": roles}
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self._key_id})

    def jwks(self) -> str:
        """The public half as a JSON Web Key Set."""
        key = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return json.dumps({"keys": [{**key, "kid": self._key_id, "alg": "RS256", "use": "sig"}]}, indent=2) + "\n"


def create_secrets(home: Home) -> LocalIssuer:
    """Make what is missing: the issuer's key, the installation's person key; renew jwks.json and the services' tokens."""
    key_file = home.secrets / "issuer.pem"
    if not key_file.exists():
        write_secret(key_file, _new_key())
    if not home.person_key.exists():
        write_secret(home.person_key, secrets.token_hex(32).encode())
    issuer = open_issuer(home)
    draft = home.jwks.with_suffix(".new")
    draft.write_text(issuer.jwks())
    draft.replace(home.jwks)
    for service in SERVICES:
        token = issuer.token(f"service:{service}", Grant("service"), ttl=timedelta(days=365))
        write_secret(home.token(service), token.encode())
    return issuer


def open_issuer(home: Home) -> LocalIssuer:
    """The issuer of this copy; raises NotRunning before the first start has made its key."""
    path: Path = home.secrets / "issuer.pem"
    if not path.exists():
        raise NotRunning("There is no key to sign with yet: the first `make up` makes it.")
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, RSAPrivateKey)
    return LocalIssuer(key, f"local-{key.public_key().public_numbers().n % 2**32:08x}")


def _new_key() -> bytes:
    key = generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )

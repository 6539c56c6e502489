"""Who calls: bearer JWTs checked against a JWKS, with roles bound to regions and actors."""

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import jwt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chassis.clock import machine_now
from chassis.ports import Caller, Role
from chassis.refusals import Unauthenticated, Unavailable

MOST = 10_000
_LEEWAY_SECONDS = 5
_Bound = Annotated[str, Field(min_length=1, max_length=100)]


class _RoleClaim(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    role: str = Field(min_length=1, max_length=50)
    # An empty prefix would reach every region.
    regions: list[_Bound] = Field(default=[], max_length=200)
    actors: list[_Bound] = Field(default=[], max_length=200)


class _Claims(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    sub: str = Field(min_length=1, max_length=200)
    kiez_roles: list[_RoleClaim] = Field(default=[], max_length=100)


class Keys:
    """The public keys of the issuer: a JWKS file, or an address that is asked again when a key id is unknown."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._keys: dict[str, Any] = {}
        self._read_at = 0
        self._remote = jwt.PyJWKClient(source, timeout=3) if source.startswith(("http:", "https:")) else None

    async def key(self, key_id: str) -> Any:
        """The key of this id, or None."""
        if self._remote is not None:
            return await self._ask(self._remote, key_id)
        self._read()
        return self._keys.get(key_id)

    def _read(self) -> None:
        path = Path(self._source)
        try:
            changed = path.stat().st_mtime_ns
            if changed != self._read_at:
                self._keys = {k["kid"]: jwt.PyJWK(k).key for k in json.loads(path.read_bytes())["keys"]}
                self._read_at = changed
        except (OSError, ValueError, LookupError, TypeError, jwt.PyJWTError) as error:
            # Half a file is not the caller's fault: it is being written, or the operator has to look.
            raise Unavailable("KEYS_AWAY", "The keys that tokens are checked with cannot be read.") from error

    async def _ask(self, remote: jwt.PyJWKClient, key_id: str) -> Any:
        try:
            return await asyncio.to_thread(_key_of, remote, key_id)
        except jwt.PyJWKClientConnectionError as error:
            raise Unavailable("KEYS_AWAY", "The issuer of tokens does not answer; repeat the call.") from error
        except (jwt.PyJWTError, ValueError) as error:
            raise Unavailable(
                "KEYS_AWAY", "What the issuer of tokens answers holds no keys; repeat the call."
            ) from error


def _key_of(remote: jwt.PyJWKClient, key_id: str) -> Any:
    """The key, or None when there are only others; raises when there are none at all."""
    remote.get_signing_keys()
    try:
        return remote.get_signing_key(key_id).key
    except jwt.PyJWKClientConnectionError:
        raise
    except jwt.PyJWKClientError:
        return None


@dataclass(frozen=True, slots=True)
class _Checked:
    """What a token said whose signature was good: it holds until `expires` (Unix seconds), and only as long as its key does."""

    caller: Caller
    key_id: str
    key: Any
    expires: float


class Authority:
    """Checks tokens of one issuer, made for one audience, signed with one algorithm.

    A signature is checked once, since a caller sends the same token for hours: `MOST` of those seen last are remembered, by their digests.
    """

    def __init__(
        self, keys: Keys, *, issuer: str, audience: str, algorithm: str, now: Callable[[], datetime] = machine_now
    ) -> None:
        self._keys, self._issuer, self._audience, self._algorithm, self._now = keys, issuer, audience, algorithm, now
        self._checked: OrderedDict[bytes, _Checked] = OrderedDict()

    async def caller(self, authorization: str) -> Caller:
        """The caller named by an `authorization` value; without one a public reader."""
        if not authorization:
            return Caller()
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("TOKEN_UNREADABLE", "Send `authorization: Bearer <token>`.")
        digest = hashlib.sha256(token.encode()).digest()
        checked = self._checked.pop(digest, None)
        if checked is None or await self._keys.key(checked.key_id) is not checked.key:
            checked = await self._check(token)
        elif checked.expires <= self._now().timestamp():
            raise _expired()
        self._checked[digest] = checked
        if len(self._checked) > MOST:
            self._checked.popitem(last=False)
        return checked.caller

    async def _check(self, token: str) -> _Checked:
        try:
            key_id = str(jwt.get_unverified_header(token).get("kid", ""))
            key = await self._keys.key(key_id)
            if key is None:
                raise Unauthenticated("TOKEN_KEY_UNKNOWN", "The token is not signed by this installation's issuer.")
            claims = jwt.decode(
                token,
                key,
                algorithms=[self._algorithm],
                audience=self._audience,
                issuer=self._issuer,
                leeway=_LEEWAY_SECONDS,
                options={"require": ["exp", "sub", "iss", "aud"]},
            )
            caller = _caller(_Claims.model_validate(claims))
            return _Checked(caller, key_id, key, int(claims["exp"]) + _LEEWAY_SECONDS)
        except jwt.ExpiredSignatureError:
            raise _expired() from None
        except (jwt.InvalidTokenError, ValidationError, ValueError, TypeError):
            raise Unauthenticated("TOKEN_INVALID", "The token does not hold for this installation.") from None


def _expired() -> Unauthenticated:
    return Unauthenticated("TOKEN_EXPIRED", "The token has expired; get a new one.")


def _caller(claims: _Claims) -> Caller:
    roles = tuple(Role(r.role, tuple(r.regions), tuple(r.actors)) for r in claims.kiez_roles)
    return Caller(claims.sub, roles)

"""Settings that every service has; read from the environment once, checked before anything starts."""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pymongo.errors import PyMongoError
from pymongo.uri_parser import parse_uri

from chassis.limits import networks
from chassis.tls import Certificate


class ServiceSettings(BaseSettings):
    """Each service sets its own prefix ("FUNDS_"); what starts with KIEZ_ is the same for the whole installation.

    Addresses are "host:port". Files hold what is secret; nothing here is ever logged.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    store_uri: SecretStr = Field(description="MongoDB URI, with w=majority&journal=true&retryWrites=true.")
    store_uri_file: Path | None = Field(
        default=None, description="File with the URI, in place of STORE_URI: where it holds a password."
    )
    store_name: str = Field(min_length=1, max_length=60, pattern=r"^[a-z0-9_]+$", description="Database name.")
    nats_url: str = Field(
        pattern=r"^(nats|tls)://[^@\s]+$", description="NATS server; a login stands in NATS_NKEY_FILE alone."
    )
    nats_nkey_file: Path | None = Field(
        default=None, description="File with the seed of the NKey that logs in at NATS; empty for no login."
    )
    grpc_address: str = Field(pattern=r"^.+:\d{1,5}$", description="Where gRPC listens.")
    http_address: str = Field(pattern=r"^.+:\d{1,5}$", description="Where HTTP listens.")
    jwks: str = Field(min_length=1, description="File or https address of the issuer's public keys.")
    token_file: Path = Field(description="File with this service's own token, for asking other services.")
    person_key_file: Path = Field(
        description="File with the key that persons are pseudonymised with; 32 bytes or more."
    )

    installation: str = Field(
        default="berlin",
        validation_alias="KIEZ_INSTALLATION",
        pattern=r"^[a-z0-9-]{1,40}$",
        description="Name of the installation, in the source of every message.",
    )
    movable_clock: bool = Field(
        default=False,
        validation_alias="KIEZ_MOVABLE_CLOCK",
        description="Lets an operator move the calendar forward: for trials, never for work.",
    )
    stream_replicas: int = Field(
        default=1,
        ge=1,
        le=5,
        validation_alias="KIEZ_STREAM_REPLICAS",
        description="NATS servers that keep a copy of each stream: 3 in a cluster.",
    )
    ack_seconds: float = Field(
        default=30.0,
        ge=1,
        le=600,
        validation_alias="KIEZ_ACK_SECONDS",
        description="How long a message may be worked on before NATS gives it to another; handlers get two thirds.",
    )
    issuer: str = Field(
        default="kiezwerk-local",
        validation_alias="KIEZ_ISSUER",
        description="Who signs the tokens that are accepted: `iss`.",
    )
    audience: str = Field(
        default="kiezwerk", validation_alias="KIEZ_AUDIENCE", description="Whom tokens must be meant for: `aud`."
    )
    algorithm: Literal["RS256", "ES256", "EdDSA"] = Field(
        default="RS256", validation_alias="KIEZ_ALGORITHM", description="The one way of signing that is accepted."
    )
    log_format: Literal["text", "json"] = Field(
        default="json", validation_alias="KIEZ_LOG_FORMAT", description="A line of JSON each, or text for a person."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", validation_alias="KIEZ_LOG_LEVEL", description="What is logged, from this level on."
    )
    drain_seconds: float = Field(
        default=20.0,
        ge=0,
        le=30,
        validation_alias="KIEZ_DRAIN_SECONDS",
        description="How long calls and facts under way may take after the process is told to end.",
    )
    otlp_endpoint: str = Field(
        default="",
        validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        description="Where spans go, by OTLP over gRPC; empty for none. OpenTelemetry's own variables say the rest.",
    )
    calls_per_second: float = Field(
        default=200,
        ge=0,
        validation_alias="KIEZ_CALLS_PER_SECOND",
        description="Calls that one `sub` may make; 0 is no limit. docs/access.md says what the limits count.",
    )
    open_calls_per_second: float = Field(
        default=50,
        ge=0,
        validation_alias="KIEZ_OPEN_CALLS_PER_SECOND",
        description="Calls without a token from one address; 0 is no limit.",
    )
    posts_per_minute: float = Field(
        default=10,
        ge=0,
        validation_alias="KIEZ_POSTS_PER_MINUTE",
        description="Forms that one address may send; 0 is no limit.",
    )
    guesses_per_minute: float = Field(
        default=10,
        ge=0,
        validation_alias="KIEZ_GUESSES_PER_MINUTE",
        description="Wrong voting codes that one address may try; 0 is no limit.",
    )
    uncounted_networks: str = Field(
        default="127.0.0.0/8,::1/128",
        validation_alias="KIEZ_UNCOUNTED_NETWORKS",
        description="Networks whose addresses are not counted, with commas.",
    )

    # docs/tls.md says what they protect.
    tls_certificate: Path | None = Field(
        default=None, validation_alias="KIEZ_TLS_CERTIFICATE", description="The chain that gRPC and HTTP show, in PEM."
    )
    tls_key: Path | None = Field(default=None, validation_alias="KIEZ_TLS_KEY", description="Its private key, in PEM.")
    tls_ca: Path | None = Field(
        default=None,
        validation_alias="KIEZ_TLS_CA",
        description="The authorities that neighbours and NATS are trusted by, in PEM.",
    )
    plaintext_network: bool = Field(
        default=False,
        validation_alias="KIEZ_PLAINTEXT_NETWORK",
        description="Allows an address that others reach without TLS: inside a private container network only.",
    )

    @field_validator("store_uri_file", "nats_nkey_file", "tls_certificate", "tls_key", "tls_ca", mode="before")
    @classmethod
    def _none_when_empty(cls, file: Any) -> Any:
        # Compose passes what nobody has set as an empty text.
        return file or None

    @model_validator(mode="before")
    @classmethod
    def _uri_from_its_file(cls, given: dict[str, Any]) -> dict[str, Any]:
        file = given.get("store_uri_file")
        if not file:
            return given
        if given.get("store_uri"):
            raise ValueError("STORE_URI and STORE_URI_FILE are both set: one of them")
        try:
            return {**given, "store_uri": Path(file).read_text(encoding="utf-8").strip()}
        except (OSError, UnicodeDecodeError):
            raise ValueError(f"STORE_URI_FILE names {file}, which is no file that can be read") from None

    @field_validator("store_uri")
    @classmethod
    def _is_read_as_meant(cls, uri: SecretStr) -> SecretStr:
        # The driver's own words would quote what stands behind the "/" of a password.
        try:
            if not uri.get_secret_value().startswith("mongodb+srv://"):
                parse_uri(uri.get_secret_value())
        except (PyMongoError, ValueError, TypeError):
            raise ValueError(
                "is no MongoDB URI; a name or password in it is percent-encoded (%2F for a slash)"
            ) from None
        return uri

    @field_validator("uncounted_networks")
    @classmethod
    def _are_networks(cls, text: str) -> str:
        networks(text)
        return text

    @property
    def certificate(self) -> Certificate | None:
        """What gRPC and HTTP show; None for both without TLS."""
        return Certificate(self.tls_certificate, self.tls_key) if self.tls_certificate and self.tls_key else None

    def person_key(self) -> bytes:
        return self.person_key_file.read_bytes().strip()

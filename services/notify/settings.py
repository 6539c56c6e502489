"""The settings of notify, NOTIFY_* in the environment."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings

# A neighbour has 2 s to tell an address, and before that the letter is claimed in the store.
BEFORE_SENDING_SECONDS = 3.0


class NotifySettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="NOTIFY_", frozen=True, extra="ignore")

    public_url: str = Field(
        pattern=r"^https?://[^\s/]+[^\s]*[^/\s]$", description="Where people reach notify's pages; no slash at its end."
    )
    funds_address: str = Field(pattern=r"^.+:\d{1,5}$", description="gRPC of funds, which knows applicants and jury.")
    events_address: str = Field(pattern=r"^.+:\d{1,5}$", description="gRPC of events, which knows registered people.")

    smtp_host: str = Field(min_length=1, description="Mail server.")
    smtp_port: int = Field(ge=1, le=65535, description="Its port: 25, 465 (tls), 587 (starttls).")
    smtp_tls: Literal["none", "starttls", "tls"] = Field(
        default="starttls", description="How the connection is kept private."
    )
    smtp_username: str = Field(default="", description="Login at the mail server; empty for none.")
    smtp_password_file: Path | None = Field(default=None, description="File with the password of the login.")
    smtp_seconds: float = Field(
        default=20.0, ge=1, le=300, description="How long the mail server may take for one letter, the login included."
    )
    mail_from: str = Field(pattern=r"^[^\s@<>]+@[^\s@<>]+$", description="Sender's address of all mails.")
    mail_from_name: str = Field(default="Kiezwerk", max_length=100, description="Sender's name of all mails.")

    max_age_days: int = Field(
        default=14, ge=1, le=3650, description="What happened longer ago (calendar) only informs: nobody is written to."
    )
    batch: int = Field(default=500, ge=1, le=500, description="Recipients of a broadcast queued in one transaction.")
    look_seconds: float = Field(
        default=0.5, gt=0, le=60, description="How often the sender looks for letters when idle."
    )
    lease_seconds: float = Field(
        default=60.0,
        ge=1 + BEFORE_SENDING_SECONDS,
        le=3600,
        description="After how long a letter that is being sent is sent anew: at least 3 s more than"
        " `NOTIFY_SMTP_SECONDS`, for no letter is begun that may not end before.",
    )

    @field_validator("smtp_password_file")
    @classmethod
    def _is_file(cls, path: Path | None) -> Path | None:
        if path is not None and not path.is_file():
            raise ValueError("names no file")
        return path

    @model_validator(mode="after")
    def _lease_outlasts_the_post(self) -> Self:
        if self.lease_seconds < self.smtp_seconds + BEFORE_SENDING_SECONDS:
            raise ValueError(
                f"LEASE_SECONDS is {self.lease_seconds:g}: it must be at least {BEFORE_SENDING_SECONDS:g} s more than"
                f" NOTIFY_SMTP_SECONDS, which is {self.smtp_seconds:g}"
            )
        return self

    def smtp_password(self) -> str:
        return self.smtp_password_file.read_text().strip() if self.smtp_password_file else ""

"""The settings of events, EVENTS_* in the environment."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings


class EventsSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="EVENTS_", frozen=True, extra="ignore")

    public_url: str = Field(
        pattern=r"^https?://[^\s/]+[^\s]*[^/\s]$",
        description="Where people reach the feeds and pages of events; no slash at its end.",
    )

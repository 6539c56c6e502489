"""Settings of funds: FUNDS_…, read in app.py alone."""

from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings


class FundsSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="FUNDS_", frozen=True, extra="ignore")

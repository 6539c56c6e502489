"""The settings of actors, ACTORS_* in the environment: those that every service has."""

from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings


class ActorsSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="ACTORS_", frozen=True, extra="ignore")

"""Settings of funds: FUNDS_…, read in app.py alone."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings


class FundsSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="FUNDS_", frozen=True, extra="ignore")

    actors_address: str = Field(
        pattern=r"^.+:\d{1,5}$", description="gRPC of actors, asked for an applicant whose message has not come yet."
    )
    prove_minutes: float = Field(
        default=60, gt=0, le=10_080, description="How often all of the ledger is proved, beside the start."
    )

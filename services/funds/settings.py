"""Settings of funds: FUNDS_…, read in app.py alone."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings
from services.funds.domain.giving360 import Publisher


class FundsSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="FUNDS_", frozen=True, extra="ignore")

    actors_address: str = Field(
        pattern=r"^.+:\d{1,5}$", description="gRPC of actors, asked for an applicant whose message has not come yet."
    )
    prove_minutes: float = Field(
        default=60, gt=0, le=10_080, description="How often all of the ledger is proved, beside the start."
    )
    public_url: str = Field(
        pattern=r"^https?://[^\s/]+[^\s]*[^/\s]$",
        description="Where people reach the pages and open data of funds; no slash at its end.",
    )
    publisher_name: str = Field(
        default="Kiezwerk", min_length=1, max_length=200, description="Who answers for the open data (360Giving)."
    )
    publisher_prefix: str = Field(
        default="kiezwerk",
        pattern=r"^[A-Za-z0-9]{2,40}$",
        description="The publisher's prefix of 360Giving, with which every id in open data begins.",
    )

    accessibility_contact: str = Field(
        default="",
        pattern=r"^$|^[^@\s]{1,64}@[^@\s]{1,190}$",
        description="Mail address to which people report barriers of the pages (BIKTG Bln § 5); empty: the statement says that there is none yet.",
    )

    def publisher(self) -> Publisher:
        return Publisher(self.publisher_name, self.publisher_prefix, self.public_url)

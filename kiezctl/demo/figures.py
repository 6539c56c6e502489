"""The figures of the story: the Kiezfonds Lichtenberg as its offices publish it; the applications are made up."""

from dataclasses import dataclass
from datetime import date, datetime, time

from google.protobuf.timestamp_pb2 import Timestamp

from chassis.ports import BERLIN

DISTRICT = "11"
REGION = "114009"
PLACE = "Neu-Lichtenberg"
FUND = "Kiezfonds Lichtenberg"
# 13 district regions with 13,000 € each (2025).
BUDGET_CENTS = 13_000_00
TOTAL_CENTS = 13 * BUDGET_CENTS
CAP_CENTS = 1_000_00
# What was left for Neu-Lichtenberg after seven applications (2022).
LEFT_CENTS = 7_395_30
JURY_SEATS = 15


@dataclass(frozen=True)
class Calendar:
    """The days of one year of the story."""

    year: int

    @property
    def preparation(self) -> datetime:
        return at(date(self.year, 1, 4), 9)

    @property
    def opens_on(self) -> date:
        return date(self.year, 1, 6)

    @property
    def opening(self) -> datetime:
        return at(self.opens_on, 10)

    @property
    def closes_on(self) -> date:
        return date(self.year, 1, 22)

    @property
    def applying(self) -> datetime:
        return at(date(self.year, 1, 14), 10)

    @property
    def checking(self) -> datetime:
        return at(date(self.year, 1, 27), 9)

    @property
    def session(self) -> datetime:
        return at(date(self.year, 2, 10), 18)

    @property
    def project(self) -> datetime:
        return at(date(self.year, 5, 22), 17)

    @property
    def agreeing(self) -> datetime:
        return at(date(self.year, 2, 20), 10)

    @property
    def settling(self) -> datetime:
        return at(date(self.year, 6, 5), 11)

    @property
    def projects_start_on(self) -> date:
        return date(self.year, 3, 1)

    @property
    def projects_end_on(self) -> date:
        return date(self.year, 6, 30)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of a day in Berlin."""
    return datetime.combine(day, time(hour, minute), BERLIN)


def stamp(moment: datetime) -> Timestamp:
    """The moment as requests carry it."""
    made = Timestamp()
    made.FromDatetime(moment)
    return made


@dataclass(frozen=True)
class Project:
    """An application of the story. `applicant` is the short name of an organisation, or a neighbour's function.

    `awarded_cents` 0: declined or withdrawn. `exception`: the jury records that it exceeds the cap.
    """

    key: str
    applicant: str
    title: str
    goal: str
    costs: tuple[tuple[str, int], ...]
    awarded_cents: int = 0
    exception: bool = False
    is_neighbour: bool = False

    @property
    def asked_cents(self) -> int:
        return sum(cents for _, cents in self.costs)


GARDEN = Project(
    "garden", "SODI", "Hochbeete für alle im Interkulturellen Garten", "Zwanzig Nachbarn gärtnern gemeinsam.",
    (("Holz und Erde", 760_00), ("Werkzeug", 240_00)), awarded_cents=1_000_00,
)  # fmt: skip
CONCERT = Project(
    "concert", "Kulturring", "Hofkonzert im Weitlingkiez", "Ein Abend, an dem sich drei Höfe kennenlernen.",
    (("Miete der Anlage", 850_00), ("Honorare", 600_00)), awarded_cents=1_000_00,
)  # fmt: skip
TABLE = Project(
    "table", "Volkssolidarität", "Nachbarschaftstafel im Frühling", "Vierzig ältere Menschen essen einmal nicht allein.",
    (("Geschirr", 387_40), ("Lebensmittel", 600_00)), awarded_cents=987_40,
)  # fmt: skip
FESTIVAL = Project(
    "festival", "SozDia", "Kiezfest auf der Weitlingstraße", "Fünfhundert Gäste, zwanzig Stände, ein Fest ohne Autos.",
    (("Bühne", 1_100_00), ("Toilettenwagen", 700_00)), awarded_cents=1_654_70, exception=True,
)  # fmt: skip
TREES = Project(
    "trees", "neighbour A", "Baumscheiben bepflanzen", "Zwölf Baumscheiben blühen und werden gegossen.",
    (("Pflanzen", 712_60), ("Gießkannen", 250_00)), awarded_cents=962_60, is_neighbour=True,
)  # fmt: skip
BARBECUE = Project(
    "barbecue", "neighbour B", "Grillabend zum Geburtstag", "Ein schöner Abend.",
    (("Grillgut", 300_00),), is_neighbour=True,
)  # fmt: skip
READING = Project(
    "reading", "Kiezspinne", "Lesenacht im Nachbarschaftshaus", "Dreißig Kinder übernachten zwischen Büchern.",
    (("Bücher", 350_00), ("Frühstück", 120_00)),
)  # fmt: skip
PROJECTS = (GARDEN, CONCERT, TABLE, FESTIVAL, TREES, BARBECUE, READING)
AWARDED = tuple(project for project in PROJECTS if project.awarded_cents)

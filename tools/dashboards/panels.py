"""The few kinds of panels that all dashboards are made of."""

from dataclasses import dataclass
from itertools import count

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, timeseries
from grafana_foundation_sdk.models.common import LegendDisplayMode, LegendPlacement
from grafana_foundation_sdk.models.dashboard import DashboardLinkType, DataSourceRef, ThresholdsMode
from grafana_foundation_sdk.models.dashboard import Threshold as Step

SOURCE = DataSourceRef(type_val="prometheus", uid="prometheus")
WIDTH, HEIGHT = 12, 8
# Six in a row.
SMALL, LOW = 4, 4
# As many as the letters that a dashboard's queries are named by.
MOST_CURVES = 8


@dataclass(frozen=True, slots=True)
class Number:
    """One figure of now; red from `bad` on, when that is given, and from `bad` down when `down`."""

    title: str
    says: str
    query: str
    unit: str = "short"
    bad: float | None = None
    down: bool = False

    def build(self) -> stat.Panel:
        steps = [Step(value=None, color="green")]
        if self.bad is not None:
            first, then = ("red", "green") if self.down else ("green", "red")
            steps = [Step(value=None, color=first), Step(value=self.bad, color=then)]
        return (
            stat.Panel()
            .title(self.title)
            .description(self.says)
            .datasource(SOURCE)
            .unit(self.unit)
            .span(SMALL)
            .height(LOW)
            .thresholds(dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps))
            .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
            .with_target(_query("A", self.query, "").instant())
        )


@dataclass(frozen=True, slots=True)
class Curves:
    """Figures over time; `queries` are pairs of a query and how its curves are called."""

    title: str
    says: str
    queries: tuple[tuple[str, str], ...]
    unit: str = "short"

    def build(self) -> timeseries.Panel:
        panel = (
            timeseries.Panel()
            .title(self.title)
            .description(self.says)
            .datasource(SOURCE)
            .unit(self.unit)
            .min(0)
            .span(WIDTH)
            .height(HEIGHT)
            .legend(_legend())
        )
        for letter, (query, name) in zip("ABCDEFGH"[:MOST_CURVES], self.queries, strict=False):
            panel = panel.with_target(_query(letter, query, name))
        return panel


Panel = Number | Curves


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard; `rows` are titles with what stands below them."""

    uid: str
    title: str
    says: str
    rows: tuple[tuple[str, tuple[Panel, ...]], ...]

    def build(self) -> dashboard.Dashboard:
        board = (
            dashboard.Dashboard(self.title)
            .uid(f"kiezwerk-{self.uid}")
            .description(self.says)
            .tags(["kiezwerk"])
            .timezone("Europe/Berlin")
            .refresh("30s")
            .time("now-6h", "now")
            .readonly()
            .link(
                dashboard.DashboardLink("Kiezwerk")
                .type(DashboardLinkType.DASHBOARDS)
                .tags(["kiezwerk"])
                .as_dropdown(as_dropdown=False)
                .keep_time(keep_time=True)
            )
        )
        numbers = count(1)
        for title, panels in self.rows:
            board = board.with_row(dashboard.Row(title).id(next(numbers)))
            for panel in panels:
                board = board.with_panel(panel.build().id(next(numbers)))
        return board


def _query(letter: str, query: str, name: str) -> prometheus.Dataquery:
    return prometheus.Dataquery().ref_id(letter).expr(query).legend_format(name or "__auto").datasource(SOURCE)


def _legend() -> common.VizLegendOptions:
    return (
        common.VizLegendOptions()
        .display_mode(LegendDisplayMode.LIST)
        .placement(LegendPlacement.BOTTOM)
        .show_legend(show_legend=True)
    )

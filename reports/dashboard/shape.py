"""What the dashboard is made of."""

from __future__ import annotations

from dataclasses import dataclass

from reports.charts import Chart
from reports.tables import Table


@dataclass
class Tile:
    """One figure large, with what it compares to, and its data as a table."""

    code: str
    label: str
    value: str
    unit: str
    detail: str
    table: Table
    tag: str = ""
    tag_look: str = ""
    spark: str = ""
    spark_look: str = "c1"
    is_hidden: bool = False


@dataclass
class Panel:
    """One question answered: a title that says the finding, a measure, a drawing, a table."""

    code: str
    title: str
    caption: str
    size: str
    table: Table
    chart: Chart | None = None
    legend: tuple[tuple[str, str], ...] = ()
    note: str = ""
    second: Table | None = None
    small: str = ""

"""The dashboard as plain values: sentences, tiles and panels made from one reading of the rollups."""

from reports.dashboard.page import Dashboard, dashboard_of

__all__ = ["Dashboard", "dashboard_of"]

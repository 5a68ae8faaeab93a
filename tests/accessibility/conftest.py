"""The whole grid runs when it is asked for by its mark, and never by the way."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the grid unless `-m grid` names it; a cover of it is among the slow tests."""
    if "grid" in (config.option.markexpr or ""):
        return
    left_out = [item for item in items if item.get_closest_marker("grid")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("grid")]

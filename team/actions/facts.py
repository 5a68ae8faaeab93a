"""What a form tells of a row, put into its columns in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.db import models


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is told of anybody with a name and ways to be reached."""

    names: Mapping[str, str]
    email: str = ""
    phone: str = ""
    web_page: str = ""


def put(row: models.Model, facts: Any) -> list[str]:
    """Write each fact of a dataclass into the column of its name; the names of the columns, for the trace."""
    told = [field.name for field in fields(facts)]
    for name in told:
        value = getattr(facts, name)
        if isinstance(value, Mapping):
            value = dict(value)
        elif isinstance(value, tuple | list):
            value = list(value)
        setattr(row, name, value)
    return told

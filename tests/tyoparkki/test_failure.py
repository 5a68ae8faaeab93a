"""A database that is away or full is told as such, with what to do meanwhile; a fault of the program never is."""

from __future__ import annotations

import errno

import psycopg
import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, ProgrammingError
from django.http import HttpResponse
from django.test import RequestFactory

from tyoparkki import failure


def page_of(error: Exception, cause: Exception | None = None) -> HttpResponse:
    try:
        raise error from cause
    except type(error):
        return failure.server_error(RequestFactory().get("/"))


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OperationalError("connection refused"), psycopg.OperationalError("connection refused")),
        (OperationalError("no room"), psycopg.errors.DiskFull("no room")),
        (OperationalError("shutting down"), psycopg.errors.AdminShutdown("shutting down")),
        (OperationalError("too many"), psycopg.errors.TooManyConnections("too many")),
        (InterfaceError("closed"), psycopg.InterfaceError("closed")),
        (OSError(errno.ENOSPC, "No space left on device"), None),
    ],
)
def test_out_of_order_is_503_in_three_languages_with_paper_numbers(error: Exception, cause: Exception | None) -> None:
    answer = page_of(error, cause)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    text = answer.content.decode()
    for words in ("paperinumeroilla", "pappersnummer", "paper numbers", "varanumerot"):
        assert words in text


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (ValueError("a fault"), None),
        (KeyError("a fault"), None),
        (FileNotFoundError(errno.ENOENT, "missing"), None),
        (ProgrammingError("no such column"), psycopg.errors.UndefinedColumn("no such column")),
        (IntegrityError("twice"), psycopg.errors.UniqueViolation("twice")),
        (OperationalError("too slow"), psycopg.errors.QueryCanceled("too slow")),
        (OperationalError("deadlock"), psycopg.errors.DeadlockDetected("deadlock")),
    ],
)
def test_a_fault_of_the_program_stays_500(error: Exception, cause: Exception | None) -> None:
    answer = page_of(error, cause)
    assert answer.status_code == 500
    assert "Retry-After" not in answer.headers

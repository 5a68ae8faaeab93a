"""The page of data protection: roles, purposes, how long, and the record of processing, for whoever answers for it."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clients import register as record
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock, purge
from tyoparkki.retention import MONTH


@require_GET
@requires(Perm.SEE_REGISTER)
def register(request: MemberRequest) -> HttpResponse:
    """The record as the program declares it today; of nobody in particular."""
    at = clock.now()
    ended = purge.ended_since(at - timedelta(days=MONTH))
    return render(request, "clients/register.html", record.page(today=clock.local_date(at), ended=ended))

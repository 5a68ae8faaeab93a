"""A person's chain of services on one page."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clients import cases, glance, responsible
from clients.chain import chain_of
from clients.models import Client
from clients.plan_phases import way_of
from clients.views.people import not_there, opened
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock


@require_GET
@requires(Perm.GUIDE)
def chain(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What the person was in and is in, whose turn it is, and where nothing went on for long."""
    member, at = request.member, clock.now()
    person = opened(request, pk, at=at, kind="chain", only=_knows(request))
    if person is None:
        return not_there(request)
    today, longest = clock.local_date(at), cases.terms_of(member.point_id).gap_days
    ahead = glance.ahead(member, person) if person.shows_plan(member) else glance.Ahead()
    way = way_of(ahead.plan) if ahead.plan else None
    context = {
        "client": person,
        "way": way,
        "phase_days": way.days(today) if way else 0,
        "chain": chain_of(member, person, today=today, longest_gap=longest),
        "longest": longest,
        "today": today,
        "answering": responsible.panel(member, person) if person.is_team else None,
        "shows_plan": person.shows_plan(member),
        "ahead": ahead,
    }
    return render(request, "clients/chain.html", context)


def _knows(request: MemberRequest) -> Callable[[Client], bool]:
    member = request.member
    return lambda person: person.shows("guidance") or person.shows_plan(member)

"""The figures: the dashboard, the same as CSV, and what each figure is."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from reports import endings, metrics, obstacles, pairs, promises, tables
from reports.dashboard import Dashboard, dashboard_of
from reports.forms import PeriodForm
from reports.wording import percent
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock


def _asked(request: MemberRequest) -> tuple[PeriodForm, Dashboard]:
    form = PeriodForm(request.GET or None, today=clock.local_date(clock.now()))
    page = dashboard_of(request.member.membership.point, form.period, form.compared_with)
    return form, page


@require_GET
@requires(Perm.SEE_REPORTS)
def dashboard(request: MemberRequest) -> HttpResponse:
    """Are we doing the right things: a period's figures and what they are compared with."""
    form, page = _asked(request)
    context = {"form": form, "page": page, "query": request.GET.urlencode(), "point": request.member.membership.point}
    return render(request, "reports/dashboard.html", context, status=422 if form.errors else 200)


@require_GET
@requires(Perm.SEE_REPORTS)
def export(request: MemberRequest) -> HttpResponse:
    """Every table of the dashboard as one file for a spreadsheet."""
    _form, page = _asked(request)
    about = [
        (_("Service point"), request.member.membership.point.name),
        (_("Period"), page.days),
        (_("Comparison"), page.compared or "–"),
        (_("Numbers under 5, and those that would reveal them"), str(tables.HIDDEN)),
    ]
    if page.period.is_rounded:
        about.append((_("Figures"), _("rounded to the nearest 5, except the visits themselves")))
    name = f"tyoparkki-{page.period.first.isoformat()}-{page.period.last.isoformat()}.csv"
    response = HttpResponse(tables.as_csv(page.sections, about=about), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
@requires(Perm.SEE_REPORTS)
def definitions(request: MemberRequest) -> HttpResponse:
    """What each figure is, how it is counted, and from what."""
    return render(request, "reports/definitions.html", {"metrics": metrics.METRICS})


@require_GET
@requires(Perm.SEE_REPORTS)
def referrals(request: MemberRequest) -> HttpResponse:
    """Referrals between organisations: how fast the first contact comes, how many reach a result, what waits."""
    at = clock.now()
    table = pairs.of_point(at=at, today=clock.local_date(at))
    return render(request, "reports/referrals.html", {"table": table})


@require_GET
@requires(Perm.SEE_REPORTS)
def kept_promises(request: MemberRequest) -> HttpResponse:
    """What was promised to people, and how much of it was kept; breaches by their day for who leads the point."""
    at = clock.now()
    figures = promises.of_reader(request.member.point_id, at=at)
    first, last = promises.quarters(clock.local_date(at))
    rows = [
        (one, *((percent(one.share.value), percent(one.share.low), percent(one.share.high)) if one.share else [""] * 3))
        for one in figures
    ]
    breaches = sorted((breach for one in figures for breach in one.breaches), key=lambda one: one.due_on, reverse=True)
    context = {"rows": rows, "first": first, "last": last, "breaches": breaches}
    context |= {"endings": endings.of_reader(at=at)}
    return render(request, "reports/promises.html", context)


@require_GET
@requires(Perm.SEE_REPORTS)
def in_the_way(request: MemberRequest) -> HttpResponse:
    """What stands in the way of people, how often it goes, and whether a need led to the one who could help."""
    at = clock.now()
    table, referred = obstacles.of_point(request.member.point_id, at=at)
    first, last = promises.quarters(clock.local_date(at))
    context = {"table": table, "referred": referred, "first": first, "last": last}
    return render(request, "reports/obstacles.html", context)

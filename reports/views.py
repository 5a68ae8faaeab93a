"""The figures: the dashboard, the same as CSV, and what each figure is."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reports import actions, endings, metrics, obstacles, pairs, promises, tables
from reports import guidance as guiding
from reports.dashboard import Dashboard, dashboard_of
from reports.forms import CauseForm, PeriodForm
from reports.models import BreachCause
from reports.wording import percent
from team.access import MemberRequest, requires
from team.permissions import Perm
from tyoparkki import clock, submission, toast
from tyoparkki.htmx import after


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
    """What was promised to people, and how much of it was kept; breaches by their day for whoever may explain them."""
    return _promises(request)


def _promises(request: MemberRequest, *, wrong: str = "") -> HttpResponse:
    """The page as it is now, with what was wrong with a press."""
    at = clock.now()
    figures = promises.of_reader(request.member.point_id, at=at)
    first, last = promises.quarters(clock.local_date(at))
    rows = [
        (one, *((percent(one.share.value), percent(one.share.low), percent(one.share.high)) if one.share else [""] * 3))
        for one in figures
    ]
    context = {
        "rows": rows,
        "first": first,
        "last": last,
        "endings": endings.of_reader(at=at),
        "breaches": promises.breaches(request.member.point_id, at=at),
        "causes": BreachCause.Cause.choices,
        "why": promises.causes_at(request.member.point_id, at=at),
        "wrong": wrong,
    }
    return render(request, "reports/promises.html", context, status=422 if wrong else 200)


@require_POST
@requires(Perm.SEE_REPORTS)
def tell_cause(request: MemberRequest, key: UUID) -> HttpResponse:
    """Who leads the point, or answers for the person, says why a promise was not kept."""
    at, form = clock.now(), CauseForm(request.POST)
    found = next((one for one in promises.breaches(request.member.point_id, at=at) if one.key == key), None)
    if found is None:
        raise Http404
    if not form.is_valid():
        return _promises(request, wrong=str(form.errors["cause"][0]))
    with submission.once_for(request, at=at) as sending:
        if sending.first:
            actions.tell_cause(found, form.cleaned_data["cause"], by=request.member, at=at)
    toast.say(request, _("The cause is told. It can be changed until the promise leaves the list."))
    return after(request, "reports:promises")


@require_GET
@requires(Perm.SEE_REPORTS)
def in_the_way(request: MemberRequest) -> HttpResponse:
    """What stands in the way of people, how often it goes, and whether a need led to the one who could help."""
    at = clock.now()
    table, referred = obstacles.of_point(request.member.point_id, at=at)
    first, last = promises.quarters(clock.local_date(at))
    context = {"table": table, "referred": referred, "first": first, "last": last}
    return render(request, "reports/obstacles.html", context)


@require_GET
@requires(Perm.SEE_REPORTS)
def guidance(request: MemberRequest) -> HttpResponse:
    """How guidance is given: contacts by way, help with digital services, plans by phase."""
    at = clock.now()
    first, last = promises.quarters(clock.local_date(at))
    counts = guiding.monthly(request.member.point_id, at=at)
    context = {
        "first": first,
        "last": last,
        "contacts": guiding.contacts(counts),
        "digital": guiding.digital(counts),
        "continuity": guiding.continuity(counts, *guiding.lengths(at=at)),
        "phases": guiding.phases(guiding.standing()),
    }
    return render(request, "reports/guidance.html", context)

"""The statements behind the page of a visit: one row of guidance with all that hangs on it as small JSON lists."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import JSONObject

from clients.models import Referral
from team.access import Member, stand_in
from team.models import Break, ServiceDay, Shift, Term, Topic
from tyoparkki import clock
from tyoparkki.clock import local_date
from tyoparkki.models import Language
from tyoparkki.prepared import Prepared
from tyoparkki.retention import MONTH
from tyoparkki.texts import pick
from visits.desk_rows import open_help
from visits.models import (
    AgreedStep,
    Draft,
    Encounter,
    EncounterReferral,
    Guidance,
    GuidanceShare,
    Invitation,
    Participation,
    Visit,
    VisitClient,
    VisitEvent,
    VisitTopic,
)

VISIT = "encounter__visit"
SHOWN_OF_VISIT = ("topic", "desk", "employer", "day", "note", "result", "point")


def readable_by(member: Member) -> Q:
    """Encounters in which the member took part, or which are shared with the member's organisation.

    For a queryset of rows that have an `encounter`: the wall of the guidance for what hangs on it.
    """
    took_part = Participation.objects.held().filter(encounter=OuterRef("encounter"), membership_id=member.membership_id)
    shared = GuidanceShare.objects.filter(
        encounter=OuterRef("encounter"), organisation_id=member.organisation_id, ended_at__isnull=True
    )
    return Q(Exists(took_part)) | Q(Exists(shared))


def _texts(member: Member) -> Any:
    """Guidance that the member may read, without what hangs on it."""
    took_part = Participation.objects.held().filter(encounter=OuterRef("pk"), membership_id=member.membership_id)
    return (
        Guidance.objects.visible_to(member)
        .filter(encounter__undone_at__isnull=True)
        .select_related(VISIT)
        .annotate(took_part=Exists(took_part), is_in_it=Exists(took_part.filter(ended_at__isnull=True)))
    )


def records(member: Member, today: date) -> Any:
    """Guidance that the member may read, each row with the whole page of its visit."""
    return (
        _texts(member)
        .select_related("saved_by__user", "encounter__desk")
        .select_related(*(f"{VISIT}__{name}" for name in SHOWN_OF_VISIT))
        .annotate(
            client_id=Subquery(_links().values("client_id")[:1]),
            waiting=Subquery(_waiting()),
            first_started=Subquery(_encounters().values("visit").annotate(first=Min("started_at")).values("first")),
            language_names=Subquery(Language.objects.filter(code=OuterRef(f"{VISIT}__language")).values("names")),
            people=ArraySubquery(_people()),
            ending=Subquery(_ending()),
            asked=ArraySubquery(_asked()),
            asking_me=ArraySubquery(_asking(member)),
            help_calls=ArraySubquery(open_help().filter(point=OuterRef(f"{VISIT}__point"))),
            discussed=ArraySubquery(_discussed()),
            steps=ArraySubquery(_steps(member)),
            referrals=ArraySubquery(_referrals(member, today)),
            aside=ArraySubquery(_aside(member)),
            drafts=ArraySubquery(_drafts(member)),
            shared_with=ArraySubquery(_shares()),
            topics=ArraySubquery(_topics()),
            terms=ArraySubquery(_terms()),
            languages=ArraySubquery(_languages()),
        )
    )


def _links() -> QuerySet[VisitClient]:
    return VisitClient.objects.filter(visit=OuterRef(VISIT), ended_at__isnull=True).order_by("pk")


def _waiting() -> Any:
    rows = Visit.objects.waiting().filter(day=OuterRef(f"{VISIT}__day")).order_by()
    return rows.values("day").annotate(n=Count("pk")).values("n")


def _encounters() -> QuerySet[Encounter]:
    return _encounters_of(VISIT)


def _encounters_of(visit: str) -> QuerySet[Encounter]:
    return Encounter.objects.filter(visit=OuterRef(visit), undone_at__isnull=True).order_by()


def _people() -> Any:
    rows = Participation.objects.held().filter(encounter__visit=OuterRef(VISIT), encounter__undone_at__isnull=True)
    return rows.order_by("joined_at", "pk").values(
        json=JSONObject(
            membership=F("membership_id"),
            name=F("membership__user__name"),
            organisation=F("organisation__short_name"),
            profession=F("profession__names"),
            since=F("joined_at"),
            until=F("ended_at"),
        )
    )


def _ending() -> Any:
    """Whose press ended this sitting, and which: it bears the very moment of the end."""
    kinds = (VisitEvent.Kind.FINISHED, VisitEvent.Kind.HANDED_OVER, VisitEvent.Kind.PAUSED, VisitEvent.Kind.PUT_BACK)
    rows = VisitEvent.objects.filter(visit=OuterRef(VISIT), kind__in=kinds, at=OuterRef("encounter__ended_at"))
    return rows.order_by("-id").values(json=JSONObject(kind=F("kind"), by=F("by_id"), name=F("by__user__name")))[:1]


def _asked() -> Any:
    rows = Invitation.objects.filter(visit=OuterRef(VISIT)).pending()
    return rows.order_by("asked_at", "pk").values(
        json=JSONObject(
            id=F("pk"), membership=F("invited_id"), name=F("invited__user__name"), mode=F("mode"), state=F("state")
        )
    )


def _asking(member: Member) -> Any:
    rows = Invitation.objects.filter(invited=member.membership).pending()
    return rows.exclude(visit=OuterRef(VISIT)).order_by("asked_at", "pk").values(json=invitation_json())


def invitation_json() -> JSONObject:
    """What an invitation says to the one who is asked."""
    return JSONObject(
        id=F("pk"),
        by=F("by__user__name"),
        letter=F("visit__letter"),
        number=F("visit__number"),
        topic=F("visit__topic__names"),
        mode=F("mode"),
        state=F("state"),
        is_waiting=Q(visit__state=Visit.State.WAITING),
        at=F("asked_at"),
        desk=F("encounter__desk__number"),
    )


def _discussed() -> Any:
    rows = VisitTopic.objects.filter(visit=OuterRef(VISIT), source=VisitTopic.Source.DISCUSSED)
    return rows.order_by("pk").values("topic_id")


def _steps(member: Member) -> Any:
    rows = AgreedStep.objects.filter(readable_by(member), encounter__visit=OuterRef(VISIT), removed_at__isnull=True)
    mine = Participation.objects.held().filter(encounter=OuterRef("encounter"), membership_id=member.membership_id)
    return rows.order_by("agreed_at", "pk").values(
        json=JSONObject(
            id=F("pk"),
            what=F("what"),
            who=F("who"),
            by=F("membership__user__name"),
            partner=F("partner"),
            due_on=F("due_on"),
            benefit=F("benefit"),
            can_change=Exists(mine),
        )
    )


def _referrals(member: Member, today: date) -> Any:
    rows = EncounterReferral.objects.filter(readable_by(member), encounter__visit=OuterRef(VISIT))
    shown = rows.filter(referral__in=Referral.objects.not_barred(member, on=today).values("pk"))
    return shown.order_by("referral__sent_at", "pk").values(
        json=JSONObject(
            id=F("referral_id"),
            code=F("referral__carrier_code"),
            service_id=F("referral__service_id"),
            service=F("referral__service__names"),
            organisation=F("referral__organisation__names"),
            status=F("referral__status"),
            reason=F("referral__reason"),
            sender=F("referral__sender_id"),
        )
    )


def _aside(member: Member) -> Any:
    """The suggestions that were put aside during the visit, one list a record that the member may read."""
    return (
        Guidance.objects.visible_to(member).filter(encounter__visit=OuterRef(VISIT)).order_by("pk").values("put_aside")
    )


def _drafts(member: Member) -> Any:
    rows = Draft.objects.filter(encounter=OuterRef("pk"), membership=member.membership)
    return rows.order_by("pk").values(json=JSONObject(kind=F("kind"), key=F("key"), typed=F("typed")))


def _shares() -> Any:
    rows = GuidanceShare.objects.filter(encounter=OuterRef("pk"), ended_at__isnull=True)
    return rows.order_by("shared_at", "pk").values(
        json=JSONObject(id=F("pk"), organisation=F("organisation_id"), names=F("organisation__names"))
    )


def _topics() -> Any:
    rows = Topic.objects.filter(point=OuterRef(f"{VISIT}__point"), is_active=True).order_by("position", "pk")
    return rows.values(
        json=JSONObject(
            id=F("pk"),
            code=F("code"),
            names=F("names"),
            parties=F("parties"),
            classes=F("service_classes"),
        )
    )


def _terms() -> Any:
    rows = Term.objects.filter(point=OuterRef(f"{VISIT}__point"), is_active=True).order_by("kind", "position", "pk")
    return rows.values(json=JSONObject(id=F("pk"), kind=F("kind"), code=F("code"), names=F("names")))


def _languages() -> Any:
    rows = Language.objects.filter(desk_order__isnull=False).order_by("desk_order", "code")
    return rows.values(json=JSONObject(code=F("code"), names=F("names")))


def running(member: Member, encounter: UUID) -> Any:
    """The record of a sitting in which the member is now, or None."""
    return next(iter(_RUNNING.rows(encounter=encounter, **_reader(member))), None)


def newest(member: Member, visit: UUID) -> Any:
    """The record of a visit: the member's own newest sitting of it, or one shared with the member's organisation."""
    return next(iter(_SITTINGS.rows(visit=visit, **_reader(member))), None)


def to_finish(member: Member, visit: UUID) -> Any:
    """The same record as the end of a visit needs it: its texts, and whether a colleague takes the visitor after it."""
    return next(iter(_TO_FINISH.rows(visit=visit, **_keys(member))), None)


def _keys(member: Member) -> dict[str, UUID]:
    return {"membership": member.membership_id, "organisation": member.organisation_id}


def _reader(member: Member) -> dict[str, UUID | date]:
    """Who reads a whole record, and on which day: a referral of somebody near to the reader is left out."""
    return {**_keys(member), "user": member.membership.user_id, "today": local_date(clock.now())}


def shifts_of(visit: Visit, at: datetime) -> list[Any]:
    """The team at work on the day of a visit, each with whom they are, since when, or until when away."""
    return _SHIFTS.rows(day=visit.day_id, at=at)


def _shifts(day: ServiceDay, at: datetime) -> QuerySet[Shift]:
    sitting = Participation.objects.filter(membership=OuterRef("membership"), ended_at__isnull=True)
    coming = Visit.objects.filter(day=day, called_for=OuterRef("membership"), state=Visit.State.CALLED)
    away = Break.objects.filter(shift=OuterRef("pk"), ended_at__isnull=True)
    ticket = {"letter": F("encounter__visit__letter"), "number": F("encounter__visit__number"), "since": F("joined_at")}
    called = {"letter": F("letter"), "number": F("number"), "since": F("called_at")}
    rows = Shift.objects.on_day(day).at_work(at).with_people()
    return rows.annotate(
        sitting=Subquery(sitting.values(json=JSONObject(**ticket))[:1]),
        coming=Subquery(coming.values(json=JSONObject(**called))[:1]),
        away_since=Subquery(away.values("started_at")[:1]),
        away_until=Subquery(away.values("until")[:1]),
    )


def asked_of(member: Member) -> list[dict[str, Any]]:
    """What colleagues have asked of a member and what the member has promised, the oldest first."""
    return [said(row) for (row,) in _ASKED.rows(membership=member.membership_id)]


def said(row: dict[str, Any]) -> dict[str, Any]:
    """An invitation in the reader's words."""
    return row | {"ticket": f"{row['letter']}{row['number']:02d}", "topic": pick(row["topic"])}


def ended_at_night(member: Member, *, at: datetime) -> list[Visit]:
    """Visits that the night ended while the member was with the visitor, or after the member's call in vain.

    Only those of which nobody has told yet how they went; `was_in_vain` where nobody sat down.
    """
    first, today = local_date(at - timedelta(days=MONTH)), local_date(at)
    return _ENDED.rows(membership=member.membership_id, point=member.point_id, first=first, today=today)


def _ended(membership: UUID, point: UUID, first: date, today: date) -> QuerySet[Visit]:
    sat = Participation.objects.held().filter(
        encounter__visit=OuterRef("pk"), membership_id=membership, ended_at=OuterRef("ended_at")
    )
    rows = Visit.objects.filter(
        point_id=point, state=Visit.State.ENDED, day__on__range=(first, today), result__isnull=True
    )
    vain = Q(called_for_id=membership) & ~Exists(_encounters_of("pk"))
    rows = rows.annotate(was_in_vain=Case(When(vain, then=True), default=False)).filter(Exists(sat) | vain)
    return rows.select_related("topic", "day").order_by("day__on", "number", "pk")


def earlier_today(member: Member, *, day: Any) -> list[Visit]:
    """The visits of a day in which the member took part and is no longer, the newest first."""
    return _EARLIER.rows(membership=member.membership_id, day=day.pk)


def _earlier(membership: UUID, day: ServiceDay) -> QuerySet[Visit]:
    mine = Participation.objects.held().filter(
        encounter__visit=OuterRef("pk"), membership_id=membership, encounter__undone_at__isnull=True
    )
    rows = Visit.objects.on_day(day).filter(Exists(mine)).exclude(Exists(mine.filter(ended_at__isnull=True)))
    last = Subquery(mine.order_by("-joined_at").values("ended_at")[:1])
    rows = rows.select_related("topic", "result", "note", "employer")
    return rows.annotate(my_end=last).order_by("-my_end", "pk")


def _asked_of(membership: UUID) -> Any:
    rows = Invitation.objects.filter(invited_id=membership).pending()
    return rows.order_by("asked_at", "pk").values_list(invitation_json())


def _running(encounter: UUID, today: date, **keys: UUID) -> Any:
    return records(stand_in(**keys), today).filter(pk=encounter)


def _sittings(visit: UUID, today: date, **keys: UUID) -> Any:
    return _newest(records(stand_in(**keys), today), visit)


def _to_finish(visit: UUID, **keys: UUID) -> Any:
    following = Invitation.objects.filter(visit=OuterRef(VISIT)).afterwards()
    return _newest(_texts(stand_in(**keys)).annotate(goes_on=Exists(following)), visit)


def _newest(rows: Any, visit: UUID) -> Any:
    return rows.filter(encounter__visit_id=visit).order_by("-is_in_it", "-took_part", "-encounter__sequence")[:1]


_KEYS: dict[str, type] = {"membership": UUID, "organisation": UUID}
_READER: dict[str, type] = {**_KEYS, "user": UUID, "today": date}
_RUNNING = Prepared(_running, encounter=UUID, **_READER)
_SITTINGS = Prepared(_sittings, visit=UUID, **_READER)
_TO_FINISH = Prepared(_to_finish, visit=UUID, **_KEYS)
_SHIFTS = Prepared(lambda day, at: _shifts(ServiceDay(pk=day), at), day=UUID, at=datetime)
_ASKED = Prepared(_asked_of, membership=UUID)
_ENDED = Prepared(_ended, membership=UUID, point=UUID, first=date, today=date)
_EARLIER = Prepared(lambda membership, day: _earlier(membership, ServiceDay(pk=day)), membership=UUID, day=UUID)

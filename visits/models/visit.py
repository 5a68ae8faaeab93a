"""One party through the door, its number, its place in the queue, and every move it made."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from employers.models import Employer
from team.models import Desk, Membership, Party, Profession, ServiceDay, ServicePoint, Term, Topic
from tyoparkki.clock import local_date
from tyoparkki.ids import new_id
from tyoparkki.models import Municipality
from tyoparkki.retention import DAY_END, YEAR, Retention

if TYPE_CHECKING:
    from team.access import Member


class DayCounter(models.Model):
    """The last number given of a series on a service day; raised in the transaction of the arrival."""

    retention = Retention("Numbers without gaps")

    day = models.ForeignKey(ServiceDay, on_delete=models.CASCADE, related_name="counters")
    letter = models.CharField(max_length=1)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "letter"], name="day_counter_once")]


class VisitQuerySet(models.QuerySet["Visit"]):
    """Visits by the desk's eyes."""

    def visible_to(self, member: Member) -> VisitQuerySet:
        """Queue fields belong to the service point's own staff; guidance is another table with its own wall."""
        return self.filter(point_id=member.point_id)

    def on_day(self, day: ServiceDay) -> VisitQuerySet:
        """Those of one service day, as far as they were not undone."""
        return self.filter(day=day).exclude(state=Visit.State.UNDONE)

    def waiting(self) -> VisitQuerySet:
        """Those who wait for their turn now."""
        return self.filter(state=Visit.State.WAITING)

    def present(self) -> VisitQuerySet:
        """Those still in the house: waiting, called, with someone, or paused."""
        return self.filter(state__in=Visit.PRESENT)

    def gone(self) -> VisitQuerySet:
        """Those who have left the house, served or not."""
        return self.exclude(state__in=Visit.PRESENT)

    def of_client(self, client: Client) -> VisitQuerySet:
        """Those that belong to a person on file, the newest first."""
        links = VisitClient.objects.filter(visit=OuterRef("pk"), client=client, ended_at__isnull=True)
        return self.filter(Exists(links)).order_by("-arrived_at", "pk")

    def for_figures(self) -> VisitQuerySet:
        """With what the figures and the picture of the day need of a visit that is over, from its own table alone."""
        return self.only("day", "party", "state", "arrived_at", "queued_at", "called_for", "ended_at")

    def for_desk(self) -> VisitQuerySet:
        """With all that the desk shows of a visit, in order of arrival, in one query."""
        return self.select_related(
            "topic", "desk", "employer", "note", "called_for__user", "asks_for__user", "asks_for_profession"
        ).order_by("queued_at", "number", "pk")


class Visit(models.Model):
    """One party through the door on one service day. Anonymous unless the visitor wishes otherwise."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CALLED = "called", _("Called")
        IN_SERVICE = "in_service", _("With an advisor")
        PAUSED = "paused", _("Paused")
        DONE = "done", _("Finished")
        LEFT = "left", _("Left")
        ENDED = "ended", _("Ended at night")
        UNDONE = "undone", _("Undone")

    class MoneyAdvice(models.TextChoices):
        WANTED = "wanted", _("Offered, wanted")
        LATER = "later", _("Offered, not now")

    # The moves of the day. What is told after the night (see visits/actions/closing.py) is none of them.
    MOVES: dict[str, set[str]] = {
        State.WAITING: {State.CALLED, State.PAUSED, State.LEFT, State.ENDED, State.UNDONE},
        State.CALLED: {State.IN_SERVICE, State.WAITING, State.PAUSED, State.LEFT, State.ENDED},
        State.IN_SERVICE: {State.WAITING, State.PAUSED, State.DONE, State.ENDED},
        State.PAUSED: {State.WAITING, State.LEFT, State.ENDED},
        State.DONE: set(),
        State.LEFT: set(),
        State.ENDED: set(),
        State.UNDONE: set(),
    }
    PRESENT = (State.WAITING, State.CALLED, State.IN_SERVICE, State.PAUSED)

    retention = Retention("The desk and its figures; no identity", days=5 * YEAR, since="arrived_at")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="visits")
    day = models.ForeignKey(ServiceDay, on_delete=models.PROTECT, related_name="visits")
    party = models.CharField(max_length=8, choices=Party, default=Party.CLIENT)
    letter = models.CharField(max_length=1)
    number = models.PositiveIntegerField()
    party_size = models.PositiveSmallIntegerField(default=1)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="visits")
    language = models.CharField(max_length=3, default="fi")
    needs_interpreter = models.BooleanField(default=False)
    situation = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    age_band = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    money_advice = models.CharField(max_length=8, choices=MoneyAdvice, blank=True, default="", db_default="")
    asks_for = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asks_for_profession = models.ForeignKey(
        Profession, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, blank=True, related_name="visits")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    arrived_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    called_for = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    called_at = models.DateTimeField(null=True, blank=True)
    calls = models.PositiveSmallIntegerField(default=0)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    result = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "letter", "number"], name="visit_number_once"),
            models.UniqueConstraint(fields=["called_for"], name="visit_one_call_each", condition=Q(state="called")),
            models.CheckConstraint(
                condition=~Q(state="called") | Q(called_for__isnull=False, called_at__isnull=False),
                name="visit_called_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "left", "ended", "undone"], ended_at__isnull=False)
                | Q(state__in=["waiting", "called", "in_service", "paused"], ended_at__isnull=True),
                name="visit_ended_has_time",
            ),
            models.CheckConstraint(condition=Q(queued_at__lte=F("arrived_at")), name="visit_keeps_place"),
        ]
        indexes = [
            models.Index(fields=["point", "day", "state", "queued_at"], name="visit_queue"),
        ]

    def __str__(self) -> str:
        return self.ticket

    @property
    def ticket(self) -> str:
        """What the slip and the board say: the letter and at least two digits."""
        return f"{self.letter}{self.number:02d}"

    @property
    def is_employer(self) -> bool:
        """Employers carry a colour and a shape of their own."""
        return self.party == Party.EMPLOYER

    @property
    def is_present(self) -> bool:
        """Whether the visitor is still in the house."""
        return self.state in self.PRESENT


class VisitTopic(models.Model):
    """A further topic of a visit: asked at the door, or spoken of with the advisor."""

    class Source(models.TextChoices):
        ASKED = "asked", _("Asked at the door")
        DISCUSSED = "discussed", _("Spoken of")

    retention = Retention("What people come for")

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="topics")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=9, choices=Source)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "topic", "source"], name="visit_topic_once")]


class VisitNote(models.Model):
    """The day's note: what to call the visitor, and a line for colleagues; gone at the day's end."""

    retention = Retention("Today's service only", ("called_name", "text"), days=DAY_END, since="written_at")

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, primary_key=True, related_name="note")
    called_name = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=200, blank=True)
    written_at = models.DateTimeField()


class VisitClient(models.Model):
    """The visit belongs to a known person: joined during it, after it, or never."""

    retention = Retention("To continue where we left; ends with the visit or the person", ("client",))

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="client_links")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="visit_links")
    joined_at = models.DateTimeField()
    joined_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit"], name="visit_client_one_open", condition=Q(ended_at__isnull=True))
        ]


class VisitOnceKnown(models.Model):
    """The visit was somebody's on file who was erased since; whose, nobody can tell. Kept for the figures alone."""

    retention = Retention("Figures stay as they were; ends with the visit")

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, primary_key=True, related_name="once_known")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, related_name="+")


class VisitTurnQuerySet(models.QuerySet["VisitTurn"]):
    """Turns on phones."""

    def of_secret(self, hashed: str, *, at: datetime) -> VisitTurn | None:
        """The turn behind a secret while its day lasts; an undone visit has none."""
        alive = self.filter(secret_hash=hashed, created_at__gt=at - VisitTurn.LIFETIME, visit__day__on=local_date(at))
        return alive.exclude(visit__state=Visit.State.UNDONE).select_related("visit__point", "visit__desk").first()


class VisitTurn(models.Model):
    """The secret behind the slip's QR: one's own turn on one's own phone, dead with the day."""

    LIFETIME = timedelta(hours=18)

    retention = Retention("One's own turn on the phone", days=DAY_END, since="created_at")

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, primary_key=True, related_name="turn")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    objects = VisitTurnQuerySet.as_manager()


class VisitEventQuerySet(models.QuerySet["VisitEvent"]):
    """Acts on visits."""

    def holding(self) -> VisitEventQuerySet:
        """Those that were not undone, asked row by row: of a day's acts, whatever the years hold."""
        return self.exclude(Exists(VisitEvent.objects.filter(undoes=OuterRef("pk"))))


class VisitEvent(models.Model):
    """One thing that happened to a visit. Rows are only added: an undo is a row that points at another."""

    class Kind(models.TextChoices):
        ARRIVED = "arrived", _("arrived")
        CALLED = "called", _("called")
        RECALLED = "recalled", _("called again")
        NO_SHOW = "no_show", _("did not come")
        STARTED = "started", _("started")
        INVITED = "invited", _("invited")
        JOINED = "joined", _("joined")
        STEPPED_OUT = "stepped_out", _("left the visit")
        PAUSED = "paused", _("paused")
        RETURNED = "returned", _("returned to the queue")
        PUT_BACK = "put_back", _("put back")
        HANDED_OVER = "handed_over", _("handed over")
        TOPIC_CHANGED = "topic_changed", _("moved to another topic")
        DETAILED = "detailed", _("details added")
        FINISHED = "finished", _("finished")
        LEFT = "left", _("left")
        ENDED = "ended", _("ended at night")
        UNDONE = "undone", _("undone")

    retention = Retention("Waits and the course of the day; ends with the visit")

    id = models.BigAutoField(primary_key=True)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="events")
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="+")
    day = models.ForeignKey(ServiceDay, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=14, choices=Kind)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    who = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, null=True, related_name="+")
    undoes = models.OneToOneField("self", on_delete=models.RESTRICT, null=True, related_name="undone_by")
    # The visitor's yes, where the act needs one: to go on with another organisation.
    client_agreed = models.BooleanField(null=True)
    before = models.JSONField(default=dict)

    objects = VisitEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["visit", "id"], name="visit_event_visit"),
            models.Index(fields=["day", "-id"], name="visit_event_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="undone", undoes__isnull=False) | (~Q(kind="undone") & Q(undoes__isnull=True)),
                name="visit_event_undo_points_back",
            )
        ]

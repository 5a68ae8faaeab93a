"""The partner service catalogue: what can be offered, by whom, for whom, and how fresh the knowledge is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from team.models import Membership, Organisation
from tyoparkki.ids import new_id
from tyoparkki.retention import YEAR, Retention
from tyoparkki.texts import TextsField, pick

STALE_AFTER = timedelta(days=180)
DEMOTED_AFTER = timedelta(days=240)


class ServiceQuerySet(models.QuerySet["Service"]):
    """Services of the catalogue."""

    def published(self) -> ServiceQuerySet:
        """Those that a visitor may be told of."""
        return self.filter(status=Service.Status.PUBLISHED)

    def for_staff(self) -> ServiceQuerySet:
        """Those that a colleague may open: what has been retired too, as old referrals lead there."""
        return self.exclude(status=Service.Status.DRAFT)

    def of_classes(self, classes: Collection[str]) -> ServiceQuerySet:
        """Those in any of the catalogue's service classes."""
        return self.filter(service_classes__overlap=list(classes))

    def named(self, word: str) -> ServiceQuerySet:
        """Those with a word in their Finnish name, the one confirmed last first."""
        rows = self.filter(names__fi__icontains=word).select_related("organisation")
        return rows.order_by(F("verified_on").desc(nulls_last=True), "pk")

    def for_lists(self) -> ServiceQuerySet:
        """With all that a row of a list shows, without what only the search needs."""
        return self.select_related("organisation").defer("search", "search_words", "descriptions", "professional_note")

    def with_words(self) -> ServiceQuerySet:
        """With the words that they are found by."""
        return self.defer(None).defer("search", "descriptions", "professional_note")

    def for_page(self) -> ServiceQuerySet:
        """With all that a page shows, in two statements."""
        channels = Channel.objects.published().order_by("kind", "source_id", "pk")
        return (
            self.select_related("organisation", "verified_by__user", "verified_by__organisation")
            .defer("search", "search_words")
            .prefetch_related(models.Prefetch("channels", channels, to_attr="ways_in"))
        )


class ChannelQuerySet(models.QuerySet["Channel"]):
    """Ways into services."""

    def published(self) -> ChannelQuerySet:
        """Those that a visitor may be told of."""
        return self.filter(status=Service.Status.PUBLISHED)


class Service(models.Model):
    """One partner service: what it is, for whom, how one gets in."""

    class Status(models.TextChoices):
        PUBLISHED = "published", _("Published")
        DRAFT = "draft", _("Draft")
        RETIRED = "retired", _("Retired")

    class Charge(models.TextChoices):
        FREE = "free", _("Free of charge")
        CHARGEABLE = "chargeable", _("Chargeable")
        OTHER = "other", _("See the description")

    retention = Retention("Catalogue of services")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="services")
    names = TextsField()
    summaries = TextsField(blank=True)
    descriptions = TextsField(blank=True)
    how_to_start = TextsField(blank=True)
    requirements = TextsField(blank=True)
    languages = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    charge = models.CharField(max_length=10, choices=Charge, default=Charge.FREE)
    municipalities = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    service_classes = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    target_groups = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    life_events = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    keywords = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PUBLISHED)
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # What held before the latest confirmation: what its undo brings back.
    verified_before_on = models.DateField(null=True, blank=True)
    verified_before_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.CharField(max_length=20, blank=True)
    source_id = models.CharField(max_length=60, blank=True)
    source_modified_at = models.DateTimeField(null=True, blank=True)
    source_hash = models.CharField(max_length=64, blank=True)
    local_fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    professional_note = models.TextField(blank=True)
    search_words = models.TextField(blank=True)
    search = SearchVectorField(null=True)
    updated_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        indexes = [GinIndex(fields=["search"], name="service_search")]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"], name="service_source_once", condition=~Q(source_id="")
            ),
            models.CheckConstraint(
                condition=~Q(status="retired") | Q(retired_at__isnull=False), name="service_retired_has_time"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return pick(self.names)

    def freshness(self, today: date) -> str:
        """ "fresh", "stale" (180 days since verified) or "demoted" (240 days), as the list marks it."""
        if self.verified_on is None or today - self.verified_on > DEMOTED_AFTER:
            return "demoted"
        return "stale" if today - self.verified_on > STALE_AFTER else "fresh"


class Channel(models.Model):
    """A way into services: a place with address and hours, a telephone number, a web service."""

    class Kind(models.TextChoices):
        PLACE = "place", _("Place")
        PHONE = "phone", _("Telephone")
        WEB = "web", _("Web service")

    retention = Retention("Catalogue of services")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="channels")
    services = models.ManyToManyField(Service, blank=True, related_name="channels")
    kind = models.CharField(max_length=5, choices=Kind)
    names = TextsField()
    descriptions = TextsField(blank=True)
    street_addresses = TextsField(blank=True)
    postal_code = models.CharField(max_length=5, blank=True)
    post_offices = TextsField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    web_pages = TextsField(blank=True)
    hours = models.JSONField(default=list, blank=True)
    status = models.CharField(max_length=10, choices=Service.Status, default=Service.Status.PUBLISHED)
    source = models.CharField(max_length=20, blank=True)
    source_id = models.CharField(max_length=60, blank=True)
    source_modified_at = models.DateTimeField(null=True, blank=True)
    source_hash = models.CharField(max_length=64, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"], name="channel_source_once", condition=~Q(source_id="")
            )
        ]

    def __str__(self) -> str:
        return pick(self.names)


class ImportRun(models.Model):
    """One run of an importer: what it read and what it changed."""

    retention = Retention("Origin of catalogue data", days=2 * YEAR, since="started_at")

    source = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    is_dry_run = models.BooleanField(default=False)
    created_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    retired_count = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)


class WordForm(models.Model):
    """A Finnish form of a word that the catalogue uses and its basic form: tuen, tuki."""

    retention = Retention("Search of the catalogue, made anew with it")

    form = models.CharField(max_length=60)
    lemma = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "lemma"], name="word_form_once")]

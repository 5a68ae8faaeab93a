"""A joint assessment of the need for support: several professions, a part each, and one conclusion agreed together."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client, told_to
from clients.models.consent import Consent, Purpose
from team.models import Membership, ServicePoint
from team.permissions import ROLES, Perm
from tyoparkki import clock
from tyoparkki.ids import new_id
from tyoparkki.retention import YEAR, Retention

if TYPE_CHECKING:
    from team.access import Member
    from team.models.organisation import MembershipQuerySet


# Who writes a part: the roles that guide.
_GUIDES = [role for role, permissions in ROLES.items() if Perm.GUIDE in permissions]


def may_take_part(member: Member, person: Client) -> MembershipQuerySet:
    """Who may be asked to write a part: colleagues of the team that keeps the file, and those whom the person lets know
    of assessments, by their organisation or by the team of their point. As far as the member knows of the consents.

    clients/walls/ keeps the same rule in the database.
    """
    today = clock.local_date(clock.now())
    given = Consent.objects.visible_to(member).of_client(person.pk).in_force(today)
    telling = given.filter(purpose=Purpose.SHARE, contents__contains=[Consent.Content.ASSESSMENTS])
    recorded_at = given.filter(purpose=Purpose.RECORD).values("recipient_point_id")
    ours = Q(organisation_id=person.controller_id, point_id__in=recorded_at)
    told = Q(organisation_id__in=telling.values("recipient_organisation_id")) | Q(
        point_id__in=telling.values("recipient_point_id")
    )
    return Membership.objects.valid_on(today).in_roles(_GUIDES).filter(ours | told)


class JointAssessmentQuerySet(models.QuerySet["JointAssessment"]):
    """Joint assessments behind the wall of consent."""

    def visible_to(self, member: Member) -> JointAssessmentQuerySet:
        """For those who guide: of people whose file the member's organisation keeps for the team of the point, and of
        those who let the organisation, or the team, know of their assessments.

        clients/walls/ keeps the same rule in the database.
        """
        if not member.may(Perm.GUIDE):
            return self.none()
        keys = Consent.objects.in_force(clock.local_date(clock.now())).filter(client=OuterRef("client"))
        kept = Q(
            purpose=Purpose.RECORD, recipient_point_id=member.point_id, client__controller_id=member.organisation_id
        )
        told = told_to(member) & Q(contents__contains=[Consent.Content.ASSESSMENTS])
        return self.filter(Exists(keys.filter(kept | told)))

    def of_client(self, client_id: UUID) -> JointAssessmentQuerySet:
        """Those of one person."""
        return self.filter(client_id=client_id)

    def going_on(self) -> JointAssessmentQuerySet:
        """Those that have no agreed conclusion yet."""
        return self.filter(concluded_at__isnull=True)

    def concluded(self) -> JointAssessmentQuerySet:
        """Those that are ready, the newest first."""
        return self.filter(concluded_at__isnull=False).order_by("-concluded_at", "pk")

    def newest_first(self) -> JointAssessmentQuerySet:
        """By the day on which they were opened."""
        return self.order_by("-opened_at", "pk")

    def with_counts(self, member: Member) -> JointAssessmentQuerySet:
        """How many take part, how many have written, and whether the member's own part waits."""
        written = Q(sections__written_at__isnull=False)
        mine = Q(sections__contributor_id=member.membership_id, sections__written_at__isnull=True)
        return self.annotate(
            taking_part=Count("sections"),
            have_written=Count("sections", filter=written),
            mine_waits=Count("sections", filter=mine),
        )

    def for_page(self) -> JointAssessmentQuerySet:
        """With who wrote what, each part with its contributor, in the order in which they came."""
        people = ("opened_by", "conclusion_by", "concluded_by")
        names = [f"{one}__{part}" for one in people for part in ("user", "organisation")]
        return self.select_related("point", *names).prefetch_related(
            Prefetch("sections", JointSection.objects.in_order())
        )


class JointAssessment(models.Model):
    """One joint assessment of a person: strengths first, the person's own view, a part a profession, one conclusion.

    Once concluded it is frozen; for a change another one is opened.
    """

    retention = Retention(
        "To see what a person needs, together",
        ("strengths", "client_view", "conclusion"),
        days=5 * YEAR,
        since="opened_at",
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="joint_assessments")
    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    meets_on = models.DateField(null=True)
    strengths = models.TextField(blank=True)
    client_view = models.TextField(blank=True)
    conclusion = models.TextField(blank=True)
    conclusion_at = models.DateTimeField(null=True)
    conclusion_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    # Agreed to are words: whoever agreed to earlier ones is asked again.
    conclusion_version = models.PositiveSmallIntegerField(default=0)
    concluded_at = models.DateTimeField(null=True)
    concluded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    objects = JointAssessmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["client", "opened_at"], name="joint_client")]
        constraints = [
            models.UniqueConstraint(fields=["client"], name="joint_open_once", condition=Q(concluded_at__isnull=True)),
            models.CheckConstraint(
                condition=Q(conclusion="", conclusion_at__isnull=True, conclusion_by__isnull=True, conclusion_version=0)
                | Q(conclusion_at__isnull=False, conclusion_by__isnull=False, conclusion_version__gt=0)
                & ~Q(conclusion=""),
                name="joint_conclusion_has_a_writer",
            ),
            models.CheckConstraint(
                condition=Q(concluded_at__isnull=True, concluded_by__isnull=True)
                | Q(concluded_at__gte=F("conclusion_at"), concluded_by__isnull=False, conclusion_version__gt=0),
                name="joint_concluded_by_words",
            ),
        ]

    @property
    def is_going_on(self) -> bool:
        """Whether it may still be written in."""
        return self.concluded_at is None

    @property
    def is_untouched(self) -> bool:
        """Whether nothing has been written in its common parts."""
        return not (self.strengths or self.client_view or self.conclusion)

    @property
    def parts(self) -> list[JointSection]:
        """The parts, which must have been fetched with it: in the order in which their contributors were asked."""
        return list(self.sections.all())

    @property
    def all_have_said(self) -> bool:
        """Whether every contributor has said something of the conclusion; the parts must have been fetched with it."""
        return all(part.stands_on(self) for part in self.parts)


class JointSectionQuerySet(models.QuerySet["JointSection"]):
    """Parts of joint assessments."""

    def visible_to(self, member: Member) -> JointSectionQuerySet:
        """Those of the assessments that the member may see.

        clients/walls/ keeps the same rule in the database.
        """
        return self.filter(assessment__in=JointAssessment.objects.visible_to(member).values("pk"))

    def of_member(self, member: Member) -> JointSectionQuerySet:
        """Those that are the member's own to write."""
        return self.filter(contributor_id=member.membership_id)

    def waiting(self) -> JointSectionQuerySet:
        """Those that nobody has written yet, of assessments that go on."""
        return self.filter(written_at__isnull=True, assessment__concluded_at__isnull=True)

    def with_people(self) -> JointSectionQuerySet:
        """With whose need is assessed and who asked, the oldest first."""
        rows = self.select_related("assessment__client", "invited_by__user", "invited_by__organisation")
        return rows.order_by("invited_at", "pk")

    def in_order(self) -> JointSectionQuerySet:
        """With the contributors, in the order in which they were asked."""
        return self.select_related("contributor__user", "contributor__organisation").order_by("invited_at", "pk")


class JointSection(models.Model):
    """What one profession sees: written by its contributor alone, who agrees to the conclusion or differs from it."""

    class Stance(models.TextChoices):
        AGREES = "agrees", _("Agrees with the conclusion")
        DIFFERS = "differs", _("Sees it differently")

    retention = Retention("What each profession saw; ends with the joint assessment", ("words", "stance_words"))

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assessment = models.ForeignKey(JointAssessment, on_delete=models.CASCADE, related_name="sections")
    contributor = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    # As it was when the contributor was asked: a profession, or a title.
    profession = models.CharField(max_length=80, blank=True)
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True)
    written_at = models.DateTimeField(null=True)
    stance = models.CharField(max_length=7, choices=Stance, blank=True)
    stance_words = models.TextField(blank=True)
    stance_at = models.DateTimeField(null=True)
    stance_version = models.PositiveSmallIntegerField(default=0)

    objects = JointSectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "contributor"], name="joint_section_once"),
            models.CheckConstraint(
                condition=Q(words="", written_at__isnull=True) | Q(written_at__isnull=False) & ~Q(words=""),
                name="joint_section_written",
            ),
            models.CheckConstraint(
                condition=Q(stance="", stance_words="", stance_at__isnull=True, stance_version=0)
                | Q(stance="agrees", stance_at__isnull=False, stance_version__gt=0)
                | Q(stance="differs", stance_at__isnull=False, stance_version__gt=0) & ~Q(stance_words=""),
                name="joint_section_stance",
            ),
        ]

    def stands_on(self, assessment: JointAssessment) -> bool:
        """Whether the contributor has said something of the conclusion as it is worded now."""
        return bool(self.stance) and self.stance_version == assessment.conclusion_version

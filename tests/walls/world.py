"""Two service points with people, records and referrals on either side, made by the product's own actions.

Each text field of each walled table holds a text that stands nowhere else (a canary), named after its table, its field
and its side, so that a page that shows it betrays itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from clients.actions import assessment as assessments
from clients.actions import background as backgrounds
from clients.actions import companion as companions
from clients.actions import consent as consents
from clients.actions import handover as handovers
from clients.actions import identity_code as codes
from clients.actions import instrument as instruments
from clients.actions import joint as joints
from clients.actions import joint_section as sections
from clients.actions import link as links
from clients.actions import merge as merges
from clients.actions import outcome as outcomes
from clients.actions import plan as plans
from clients.actions import plan_end, statutory
from clients.actions import recusal as recusals
from clients.actions import referral as referrals
from clients.actions import reminder as reminders
from clients.actions import responsibility as responsibilities
from clients.actions.client import Person, record_person
from clients.actions.consent import Given
from clients.actions.not_same import tell_apart
from clients.models import AssessmentAsk, Client, Consent, InstrumentVersion, Link, OutcomeType, Plan, Referral
from clients.models.consent import Purpose
from services.models import Service
from team.access import Member
from team.models import Role
from tests.factories.clients import ConsentTextFactory, ServiceRowFactory
from tests.factories.feedback import Tablet
from tests.factories.team import WEDNESDAY, MembershipFactory, OrganisationFactory, PointFactory, at
from tests.factories.visits import House
from tests.fixtures.walls import as_actor
from tyoparkki import audit
from tyoparkki.actor import Actor
from tyoparkki.ids import new_id
from visits.actions import drafts, encounters, guidance, identity, situation, turn
from visits.models import Encounter, Visit


def canary(what: str, side: str) -> str:
    """A text that stands nowhere else; letters only, so that it is a word, a name and a line alike."""
    return f"Kanaria{what.title()}{side.title()}"


@dataclass
class Side:
    """One service point: its staff, and one of everything that a wall guards."""

    name: str
    house: House
    advisor: Member
    companion: Member
    partner: Member
    manager: Member
    expert: Member
    admin: Member
    tablet: Tablet
    client: Client
    nameless: Client
    visit: Visit
    encounter: Encounter
    referral: Referral
    plan: Plan
    link: links.Issued
    receipt: Link
    receipt_token: str
    questions: links.Issued
    service: Service
    telephone: str

    @property
    def desk(self) -> Member:
        """The front desk."""
        return self.house.desk

    @property
    def staff(self) -> dict[str, Member]:
        """Everybody who works here."""
        names = ("desk", "advisor", "companion", "partner", "manager", "expert", "admin")
        return {name: getattr(self, name) for name in names}


def side(name: str, telephone: str) -> Side:
    """A service point in the middle of its day: somebody on file sits with an advisor and a companion."""
    house = House()
    for purpose in Purpose.values:
        ConsentTextFactory(purpose=purpose)
    advisor, companion, partner = house.advisor(), house.advisor(), house.advisor(partner=True)
    manager, admin, expert = (
        Member(MembershipFactory(point=house.point, role=role))
        for role in (Role.MANAGER, Role.ADMIN, Role.EXPERT_BY_EXPERIENCE)
    )
    person = Person(canary("nimi", name), contact_kind="phone", contact_value=telephone, language="fi")
    client = record_person(person, by=advisor, at=at(10), consent=Given(), may_contact=True)
    alias = Person(canary("salanimi", name), is_alias=True, contact_kind="other", contact_value=canary("tapa", name))
    nameless = record_person(alias, by=house.desk, at=at(10), consent=Given())
    _tell_more(client, advisor, name)
    visit = house.arrive(at(11), called_name=canary("kutsu", name)[:40], note=canary("muistilappu", name))
    situation.speak_of(visit, house.topic("cv"), on=True, by=house.desk, at=at(11))
    turn.give_turn(Visit.objects.select_related("day").get(pk=visit.pk), by=house.desk, at=at(11))
    encounter = house.in_service(advisor, visit)
    asked = encounters.invite(visit, companion.membership, mode="together", by=advisor, at=at(11))
    encounters.come_along(asked, by=companion, at=at(11))
    identity.join_client(visit, client, by=advisor, at=at(11))
    texts = {field: canary(field.replace("_", ""), name) for field in guidance.TEXTS}
    guidance.save(encounter, texts, {}, by=advisor, at=at(11))
    guidance.agree_step(
        encounter, what=canary("askel", name), benefit=canary("hyoty", name), by=advisor, at=at(11), who="partner",
        partner=canary("kumppani", name),
    )  # fmt: skip
    half = {"what": canary("luonnos", name)}
    drafts.keep(encounter, kind="step", key=new_id(), typed=half, by=advisor, at=at(11))
    service = ServiceRowFactory(organisation=OrganisationFactory())
    referral = guidance.refer(encounter, by=advisor, at=at(11), service=service, reason=canary("syy", name))
    referrals.agree_meeting(referral, at(14), canary("paikka", name), by=advisor, at=at(11))
    together = referrals.MultiSectoral(
        ["several_services"], house.desk.membership.organisation, WEDNESDAY + timedelta(days=90), canary("paluu", name)
    )
    referrals.refer(point=house.point, service=service, client=client, by=advisor, at=at(11), multi_sectoral=together)
    plan = plans.open_plan(client, goal=canary("tavoite", name), by=advisor, at=at(11))
    step = plans.Step(
        canary("askeleni", name),
        who="other",
        who_words=canary("tekija", name),
        by_on=WEDNESDAY + timedelta(days=14),
        benefit=canary("etu", name),
    )
    plans.add_step(plan, step=step, by=advisor, at=at(11))
    measure = plans.Step(canary("palvelu", name), ends_on=WEDNESDAY)
    measure = plans.add_step(plan, step=measure, by=advisor, at=at(11))
    plan = plans.approve_plan(plan, how="words", version=3, by=advisor, at=at(11))
    agreed = statutory.Agreed("employment", advisor.membership.organisation, WEDNESDAY, review_on=WEDNESDAY)
    row = statutory.record_statutory(plan, agreed, by=advisor, at=at(11))
    told = {"confirmer": canary("vahvistaja", name), "confirmed_on": WEDNESDAY}
    statutory.confirm_statutory(row, **told, by=advisor, at=at(11))
    companions.add_companion(client, companion.membership, by=advisor, at=at(11))
    reminders.note_contact(client, mode="phone", by=advisor, at=at(11))
    reminders.note_review(plan, kind="need", by=advisor, at=at(11))
    plans.finish_step(measure, no_next_reason=canary("eijatkoa", name), by=advisor, at=at(11))
    audit.seen("client", client.pk, by=advisor.actor, at=at(11), kind="page")
    to = partner.membership.organisation
    share = {"asks": [Purpose.SHARE], "organisation": to, "contents": ["contact"], "language": "fi"}
    handovers.open_session(client, by=advisor, at=at(11), **share)
    past = plans.open_plan(nameless, goal=canary("menneisyys", name), by=advisor, at=at(10))
    plan_end.close_plan(
        past, ending="reached", result="work", summary=canary("yhteenveto", name), by=advisor, at=at(10)
    )
    responsibilities.release(nameless, reason=canary("loppu", name), by=advisor, at=at(11))
    _answer_for(client, advisor, companion, name)
    _change_over_time(client, advisor, service)
    _assess_together(client, advisor, companion, name)
    link = links.issue_for_referral(referral, by=advisor, at=at(11))
    own = links.issue_receipt(client, by=advisor, at=at(11))
    questions = _ask_by_link(client, advisor)
    _keep_apart(house, nameless, client, manager, name)
    tablet = Tablet(point=house.point, token=f"tabletti-{name}-0123456789abcdef")
    tablet.answer(words=canary("palaute", name))
    reminders.keep_clocks(at=at(9) + timedelta(days=200), using="default")
    return Side(
        name, house, advisor, companion, partner, manager, expert, admin, tablet, client, nameless,
        visit, encounter, referral, plan, link, own.row, own.token, questions, service, telephone,
    )  # fmt: skip


def _keep_apart(house: House, nameless: Client, client: Client, manager: Member, name: str) -> None:
    """Two files are merged, and told apart from a third; a colleague was barred by mistake, and again in earnest."""
    again = record_person(Person(canary("salanimi", name), is_alias=True), by=house.desk, at=at(10), consent=Given())
    files = Client.objects.visible_to(house.desk)
    merges.merge(files.get(pk=nameless.pk), files.get(pk=again.pk), by=house.desk, at=at(11))
    tell_apart(files.get(pk=nameless.pk), files.get(pk=client.pk), by=house.desk, at=at(11))
    barred = house.advisor()
    mark = recusals.recuse(nameless, by=barred, at=at(11))
    recusals.end_recusal(mark, by=manager, at=at(11), reason=canary("erehdys", name))
    recusals.recuse(nameless, by=barred, at=at(11))


# Artificial ones: given to nobody.
CODES = {"tassa": "131052-9085", "muualla": "290268-913A"}


def _tell_more(client: Client, advisor: Member, name: str) -> None:
    """The person lets background be recorded, and tells of it; the site records who the person is without doubt."""
    by = {"by": advisor, "at": at(10)}
    consents.give_consent(client, purpose=Purpose.BACKGROUND, given=Given(), **by)
    told = backgrounds.Told("guidance", words=canary("ryhma", name), needs=["digital"], obstacles=["distance"])
    backgrounds.record_background(client, told, **by)
    codes.keep_code(client, CODES[name], **by)


def _answer_for(client: Client, advisor: Member, companion: Member, name: str) -> None:
    """The advisor answers for the person since the plan opened, and offers them to the companion a second time."""
    by = {"by": advisor, "at": at(11)}
    offered = responsibilities.offer(client, companion.membership, reason=canary("sana", name), **by)
    responsibilities.decline(offered, by=companion, at=at(11), reason=canary("este", name))
    responsibilities.offer(client, companion.membership, reason=canary("sana", name), **by)


def _change_over_time(client: Client, advisor: Member, service: Service) -> None:
    """The person has told their own view and got work; questions wait."""
    instruments.load_shipped(at=at(9))
    instruments.load_outcome_types(at=at(9))
    by = {"by": advisor, "at": at(11)}
    for version in InstrumentVersion.objects.on_offer():
        assessments.record_assessment(client, version, {version.keys[0]: 2}, is_agreed=True, **by)
    with as_actor(advisor.actor):
        assessments.ask_after_service(client, service, at(11))
    kind = OutcomeType.objects.get(code="tyo")
    outcomes.record_outcome(client, kind, since_on=at(11).date(), known="told", **by)


def _assess_together(client: Client, advisor: Member, companion: Member, name: str) -> None:
    """Two colleagues look at the need together; one sees it differently."""
    by = {"by": advisor, "at": at(11)}
    joint = joints.open_joint(client, profession=canary("ammatti", name), **by)
    start = joints.Start(canary("vahvuus", name), canary("omasana", name), WEDNESDAY)
    joints.write_start(joint, start, **by)
    with as_actor(advisor.actor):
        part = joints.ask_in(joint, companion.membership, profession=canary("ammatti", name), **by)
    joints.word_conclusion(joint, canary("johtopaatos", name), **by)
    with as_actor(companion.actor):
        sections.write_section(part, canary("osuus", name), by=companion, at=at(11))
        differs = {"words": canary("toisin", name), "version": 1}
        sections.take_stance(part, "differs", **differs, by=companion, at=at(11))


def _ask_by_link(client: Client, advisor: Member) -> links.Issued:
    """The person was asked by a link, and has answered the first area."""
    version, by = InstrumentVersion.objects.on_offer().get(instrument__key="tilanne"), {"by": advisor, "at": at(11)}
    ask = AssessmentAsk.objects.filter(client=client).first()
    issued = links.issue_questions(client, version, language="fi", ask=ask, **by)
    holder, told = links.LinkHolder(issued.row), {"area": version.keys[0], "value": 3, "language": "fi"}
    with as_actor(holder.actor):
        assessments.answer_by_link(issued.row, **told, by=holder, at=at(11))
    return issued


@dataclass
class World:
    """Two sides, and two organisations elsewhere that know something of the first."""

    here: Side
    there: Side
    knowing: Member
    telling_consent: Consent
    receiver: Member

    @property
    def actors(self) -> dict[str, Actor | None]:
        """Everybody who may act, by name; nobody too."""
        found: dict[str, Actor | None] = {
            f"{name} {one.name}": member.actor for one in (self.here, self.there) for name, member in one.staff.items()
        }
        for one in (self.here, self.there):
            device = one.tablet.device
            found[f"tablet {one.name}"] = Actor("device", point_id=device.point_id, device_id=device.pk)
            found[f"link {one.name}"] = links.LinkHolder(one.link.row).actor
            found[f"receipt {one.name}"] = links.LinkHolder(one.receipt).actor
            found[f"questions {one.name}"] = links.LinkHolder(one.questions.row).actor
        found |= {"knowing": self.knowing.actor, "receiver": self.receiver.actor}
        return found | {"public": Actor("public"), "link": Actor("link"), "system": Actor("system"), "nobody": None}


def build() -> World:
    """The world at eleven o'clock of the test Wednesday."""
    here, there = side("tassa", "+358 000 111 222"), side("muualla", "+358 000 333 444")
    friend = OrganisationFactory()
    # At a third point works one that the person let know the contact and background and see the record.
    knowing = Member(MembershipFactory(point=PointFactory(), organisation=friend, role=Role.ADVISOR))
    telling = consents.give_consent(
        here.client, by=here.advisor, at=at(11), purpose=Purpose.SHARE, given=Given(), organisation=friend,
        contents=["contact", "background"],
    )  # fmt: skip
    guidance.share(here.encounter, friend, by=here.advisor, at=at(11), client_agreed=True)
    # And one to which the visitor was guided.
    receiver = Member(
        MembershipFactory(point=there.house.point, organisation=here.service.organisation, role=Role.ADVISOR)
    )
    referrals.receive(here.referral, by=receiver, at=at(12))
    return World(here, there, knowing, telling, receiver)

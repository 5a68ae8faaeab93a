"""Every address of the product, opened by everybody at everything of both sides: which canaries each answer holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import CharField, JSONField, TextField
from django.test import Client as Browser

from clients.models import Consent, JointSection, ResponsibilityOffer
from team import matrix
from team.models import Membership
from tests.factories.team import DeviceFactory
from tests.walls.oracle import MODELS, own
from tests.walls.world import Side, World
from tyoparkki.actor import Actor
from tyoparkki.models import AccessEvent
from visits.actions import turn
from visits.models import AgreedStep, GuidanceShare, Invitation, VisitEvent
from visits.views.visit_parts import PARTS

CANARY = re.compile(r"Kanaria[A-ZÅÄÖ][a-zåäö]+[A-ZÅÄÖ][a-zåäö]+|\+358 000 \d{3} \d{3}")
PARAMETER = re.compile(r"<(\w+):(\w+)>")
WORDS = {"visits:visit_part": list(PARTS), "visits:day": ["sulje"], "visits:press": ["uudelleen"],
         "visits:step_told": ["tehty"],
         "clients:assessment_fill": ["tilanne"], "clients:assessment_hand": ["tilanne"]}  # fmt: skip
ASKS = ("Kanarianimi", "Kanariasalanimi", "000111222", "000333444", "kan")
ASKED_IN_THE_BODY = ("/asiakkaat/?", "/asiakkaat/haku/")
SEARCHES = {"clients:search", "clients:options", "team:palette", "services:options", "employers:options"}


@dataclass(frozen=True)
class Answer:
    """What one visitor was answered, and whom the trace says the visitor has looked at."""

    who: str
    name: str
    method: str
    path: str
    status: int
    canaries: frozenset[str]
    looked_at: frozenset[Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.name}) by {self.who}: {self.status}"


@dataclass
class Visitor:
    """Somebody with a browser or a device."""

    name: str
    kind: str
    actor: Actor | None
    cookies: dict[str, str]

    def send(self, method: str, path: str, *, part: bool = False) -> Any:
        """Ask, with the cookies of the beginning; what is posted is the address's own question, in the body."""
        browser = Browser(raise_request_exception=False)
        browser.cookies.load(self.cookies)
        headers = {"HX-Request": "true"} if part else {}
        body = path.partition("?")[2] if method == "POST" else ""
        return browser.generic(method, path, body, "application/x-www-form-urlencoded", headers=headers)

    def look(self, path: str) -> Any:
        """Ask as the page does: who a person is stands in no address."""
        return self.send("POST" if path.startswith(ASKED_IN_THE_BODY) else "GET", path)

    @cached_property
    def allowed(self) -> frozenset[str]:
        """The canaries in the rows that are the visitor's own."""
        found: set[str] = set()
        for model in MODELS:
            texts = [f.name for f in model._meta.concrete_fields if isinstance(f, (CharField, TextField, JSONField))]
            for row in own(model, self.actor).values_list(*texts):
                found.update(CANARY.findall(" ".join(str(value) for value in row)))
        return frozenset(found)


def visitors(world: World) -> list[Visitor]:
    """Everybody who can open an address."""
    found = []
    for name, actor in world.actors.items():
        if actor is not None and actor.kind == "member":
            browser, membership = Browser(), Membership.objects.get(pk=actor.membership_id)
            browser.force_login(membership.user)
            cookies = {key: one.value for key, one in browser.cookies.items()}
            found.append(Visitor(name, membership.role, actor, cookies))
    for one in (world.here, world.there):
        for kind in ("feedback", "board", "handover"):
            token = f"kanarian-{kind}-{uuid4()}"
            device = DeviceFactory(point=one.house.point, kind=kind, token=token)
            actor = Actor("device", point_id=device.point_id, device_id=device.pk)
            found.append(Visitor(f"{kind} {one.name}", f"device_{kind}", actor, {f"device_{kind}": token}))
        holder = Actor("link", link_id=one.link.row.pk)
        found.append(Visitor(f"link {one.name}", "link_referral", holder, {}))
        person = Actor("link", link_id=one.receipt.pk)
        found.append(Visitor(f"receipt {one.name}", "link_receipt", person, {}))
        asked = Actor("link", link_id=one.questions.row.pk)
        found.append(Visitor(f"questions {one.name}", "link_assessment", asked, {}))
    return [*found, Visitor("anybody", "anonymous", Actor("public"), {})]


def _objects(one: Side) -> dict[str, list[Any]]:
    """What stands behind the addresses, by the beginning of the address."""
    clients = [one.client.pk, one.nameless.pk]
    return {
        "/asiakkaat/": clients,
        "/suostumukset/": list(Consent.objects.filter(client__in=clients).values_list("pk", flat=True)),
        "/ohjaukset/": [one.referral.pk],
        "/vaihdot/": list(ResponsibilityOffer.objects.filter(client__in=clients).values_list("pk", flat=True)),
        "/suunnitelmat/": [one.plan.pk],
        "/lakisaateiset/": list(one.plan.statutory_plans.values_list("pk", flat=True)),
        "/tavoitteet/": list(one.plan.goals.values_list("pk", flat=True)),
        "/suunnitelman-askeleet/": list(one.plan.steps.values_list("pk", flat=True)),
        "/arviot/": list(one.client.assessments.values_list("pk", flat=True)),
        "/kysymykset/": list(one.client.assessment_asks.values_list("pk", flat=True)),
        "/taustatiedot/": list(one.client.background.values_list("pk", flat=True)),
        "/yhteiset-arviot/": list(one.client.joint_assessments.values_list("pk", flat=True)),
        "/arvion-osat/": list(JointSection.objects.filter(assessment__client=one.client).values_list("pk", flat=True)),
        "/tulokset/": list(one.client.outcomes.values_list("pk", flat=True)),
        "/seurannat/": list(one.client.follow_ups.values_list("pk", flat=True)),
        "/kaynnit/": [one.visit.pk],
        "/askeleet/": list(AgreedStep.objects.filter(encounter=one.encounter).values_list("pk", flat=True)),
        "/kutsut/": list(Invitation.objects.filter(visit=one.visit).values_list("pk", flat=True)),
        "/jaot/": list(GuidanceShare.objects.filter(encounter=one.encounter).values_list("pk", flat=True)),
        "/tapahtumat/": list(VisitEvent.objects.filter(visit=one.visit).values_list("pk", flat=True)[:1]),
        "/oma-kaynti/": list(VisitEvent.objects.filter(visit=one.visit).values_list("pk", flat=True)[:1]),
        "/tanaan/": [one.house.point.slug],
        "/linkki/": [one.link.token],
        "/oma/": [one.receipt_token],
        "/kysely/": [one.questions.token],
        "/arviolinkit/": [one.questions.row.pk],
        "/vuoro/": [turn.secret_of(one.visit)],
    }


def addresses(world: World) -> Iterator[tuple[matrix.Row, list[str]]]:
    """Every address with everything that stands there on both sides; the library's own pages of sign-in apart."""
    for row in matrix.rows():
        if row.route.startswith("/tili/2fa/"):
            continue
        if PARAMETER.search(row.route):
            yield row, sorted({path for one in (world.here, world.there) for path in _filled(row, one)})
        else:
            yield row, [f"{row.route}?q={ask}" for ask in ASKS] if row.name in SEARCHES else [row.route]


def _filled(row: matrix.Row, one: Side) -> Iterator[str]:
    begins = re.match(r"/[\w-]+/", row.route)
    known = _objects(one).get(begins.group() if begins else "", [])
    step = AgreedStep.objects.filter(encounter=one.encounter).earliest("pk")
    extra = {
        "referral": one.referral.pk, "whom": one.partner.membership_id, "section": uuid4(), "step": step.pk,
        "service": one.referral.service_id,
    }  # fmt: skip
    for key in known or [None]:
        for word in WORDS.get(row.name, ["x"]):
            values = {
                "uuid": key or uuid4(),
                "int": key if isinstance(key, int) else 1,
                "str": key or "x",
                "slug": key if isinstance(key, str) else word,
            }
            yield PARAMETER.sub(
                lambda found, values=values: str(extra.get(found.group(2), values[found.group(1)])), row.route
            )


def ask(one: Visitor, row: matrix.Row, method: str, path: str, *, part: bool = False) -> Answer:
    """One answer, of which nothing stays."""
    with transaction.atomic():
        last = AccessEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
        response = one.send(method, path, part=part)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        heads = " ".join(f"{name}: {value}" for name, value in response.items())
        text = body.decode("utf-8", "replace") + heads
        looks = AccessEvent.objects.filter(id__gt=last, outcome="shown").values_list("person_id", flat=True)
        looked_at = frozenset(looks.order_by())
        transaction.set_rollback(True)
    found = frozenset(CANARY.findall(text))
    return Answer(one.name, row.name, method, path, response.status_code, found, looked_at)

"""Thirty values and more of one person, one in each kind of place: words, lists, JSON within JSON, numbers."""

from __future__ import annotations

from typing import Any

from django.db import connections

from clients.models import Client, ContactPoint, Goal, PlanStep, PlanVersion, ResponsibilityOffer
from clients.rights.held import declared
from tests.factories.clients import ReferralFactory
from tests.factories.team import MembershipFactory, MunicipalityFactory, at
from tests.walls.world import Side
from tyoparkki.names import name_key, name_parts
from visits.models import AgreedStep, Draft, Encounter


def canaries_of(side: Side) -> set[str]:
    """Every text of the side that is about its client, in all declared tables, read past every wall."""
    found: set[str] = set()
    with connections["owner"].cursor() as cursor:
        for model in declared():
            cursor.execute(f"SELECT t::text FROM {model._meta.db_table} t")
            for (row,) in cursor.fetchall():
                found |= {word for word in _words(row) if word.startswith("Kanaria")}
    others = ("Salanimi", "Tapa", "Loppu", "Erehdys", "Menneisyys", "Yhteenveto")  # of the second person on file
    return {one for one in found if one.endswith(side.name.title()) and not one[7:].startswith(others)}


def _words(text: str) -> list[str]:
    return "".join(sign if sign.isalpha() else " " for sign in text).split()


def plant(side: Side) -> set[str]:
    """Fill the places that the walls' world leaves empty; returns every value that is known of the person."""

    def word(what: str) -> str:
        return f"Kanaria{what}{side.name.title()}"

    client, plan = side.client, side.plan
    name = f"{client.name} {word('Suku')}-{word('Kaksois')}"
    Client.objects.filter(pk=client.pk).update(
        name=name, name_key=name_key(name), name_parts=name_parts(name), year_of_birth=1987,
        municipality=MunicipalityFactory(),
    )  # fmt: skip
    goal = Goal.objects.create(plan=plan, words=word("Haave"), position=9)
    told: dict[str, Any] = {"plan": plan, "goal": goal, "who": "other", "who_words": word("Apu")}
    PlanStep.objects.create(**told, what=word("Teko"), benefit=word("Ilo"))
    content = {"goals": [{"words": word("Vanha")}], "steps": [{"what": word("Entinen"), "who": "client", "by": ""}]}
    PlanVersion.objects.create(
        plan=plan, version=90, content=content, approved_at=at(11), how="words", recorded_by=side.advisor.membership
    )
    ContactPoint.objects.create(
        client=client, kind="email", value=f"{word('Posti')}@koti.example", created_at=at(10), ended_at=at(11)
    )
    ResponsibilityOffer.objects.create(
        client=client, from_membership=side.advisor.membership, to_membership=side.companion.membership,
        reason=word("Pyynto"), offered_at=at(10), declined_at=at(10), decline_reason=word("Kielto"),
    )  # fmt: skip
    ReferralFactory(point=side.house.point, client=client, reason=word("Matka"))
    encounter = Encounter.objects.get(pk=side.encounter.pk)
    AgreedStep.objects.create(
        encounter=encounter,
        what=word("Sopimus"),
        benefit=word("Hyva"),
        who=AgreedStep.Who.PARTNER,
        partner=word("Kumppani"),
        agreed_at=at(11),
        agreed_by=side.advisor.membership,
    )
    typed = {"lists": [{"deep": [word("Syvalla")]}], word("Avain"): "1"}
    Draft.objects.create(
        encounter=encounter, membership=MembershipFactory(point=side.house.point), kind="step", key=client.pk,
        typed=typed, saved_at=at(11),
    )  # fmt: skip
    number = side.telephone
    spellings = {number, number.replace(" ", ""), number.replace(" ", "").replace("+358", "0")}
    return canaries_of(side) | spellings | {f"{word('Posti')}@koti.example"}

"""Questionnaires in use, answers, and what they led to."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import factory

from feedback import actions, answers
from feedback.models import Questionnaire, Response, SaidAndDone
from team.models import Device
from tests.factories.team import DeviceFactory, PointFactory, at

TOKEN = "tabletin-salaisuus-koetta-varten-0001"


class SaidAndDoneFactory(factory.django.DjangoModelFactory[SaidAndDone]):
    """Visitors asked for an interpreter, and one came."""

    class Meta:
        model = SaidAndDone

    point = factory.SubFactory(PointFactory)
    said = {"fi": "Moni toivoi iltaan tulkkia.", "sv": "Många ville ha tolk på kvällen."}
    done = {"fi": "Nyt arabian tulkki on paikalla klo 15–18.", "sv": "Nu finns en tolk i arabiska kl. 15–18."}
    on = factory.LazyFunction(lambda: at(10).date())
    created_at = factory.LazyFunction(lambda: at(10))


class Tablet:
    """A paired tablet with its questionnaire: sends answers as the page does."""

    def __init__(self, *, with_drafts: bool = True, **device: Any) -> None:
        self.device: Device = DeviceFactory(**{"token": TOKEN, **device})
        self.questionnaire: Questionnaire = actions.create_default_questionnaire(
            self.device.point, at=at(9), with_drafts=with_drafts
        )

    def body(self, **other: Any) -> dict[str, Any]:
        """A whole answer as the page sends it."""
        return {
            "key": str(uuid4()),
            "questionnaire": str(self.questionnaire.pk),
            "language": "fi",
            "faces": {"saitko-apua": 4, "kohtaaminen": 5, "seuraava-askel": 3},
            "words": "",
            **other,
        }

    def answer(self, moment: Any = None, **other: Any) -> Response:
        """An answer that has come in."""
        content = answers.check(**self.body(**other))
        actions.answer(content, by=self.device, at=moment or at(14, 36))
        return Response.objects.get(pk=content.key)

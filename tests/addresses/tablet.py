"""The tablet's answers, and what staff tell that they led to."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.addresses.registry import PRESSES, Press, press
from tests.factories.feedback import SaidAndDoneFactory, Tablet
from tests.factories.visits import House


def tablet(house: House) -> Tablet:
    """A tablet of the house with its questions."""
    return Tablet(point=house.point, token=f"toinen-{uuid4()}")


def take(house: House, who: Any) -> Press:
    """An answer as the tablet's page sends it."""
    return Press("/tabletti/vastaukset/", tablet(house).body(words="Kiitos avusta."), is_json=True)


PRESSES["feedback:take"] = take


@press("feedback:tablet")
def whole_form(house: House, who: Any) -> Any:
    body = tablet(house).body()
    return {"submission_key": body["key"], "language": "fi", "words": "", **body["faces"]}


@press("feedback:tell")
def tell(house: House, who: Any) -> Any:
    return {"on": "2026-11-18", "is_public": "on", "said_fi": "Tulkkia toivottiin.", "done_fi": "Tulkki tuli."}


@press("feedback:correct")
def correct(house: House, who: Any) -> Any:
    row = SaidAndDoneFactory(point=house.point)
    return [row.pk], {"on": "2026-11-18", "is_public": "on", "said_fi": "Tulkkia toivottiin iltaan.", "done_fi": ""}

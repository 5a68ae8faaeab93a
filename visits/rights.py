"""What the desk keeps of a person: told with the person's own visits, and at the end left without a word of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.rights.held import STAYS, Held, Which, at
from clients.rights.own import HASHED
from services.models import Service
from visits.actions.identity import keep_as_once_known

UNDO = "what an undo would bring back: keys and codes of the row itself"
NO_WORDS = "–"


def _of_own_visit(path: str) -> Which:
    """Rows of visits that are the person's; one that was joined by mistake and parted is somebody else's."""

    def which(person: UUID) -> Q:
        return Q(**{f"{path}client_links__client": person, f"{path}client_links__ended_at__isnull": True})

    return which


def _put_aside(rows: list[dict[str, str]]) -> list[str]:
    """The services that did not suit, by name; which word was chosen stays the vocabulary's."""
    known = Service.objects.in_bulk([row["service"] for row in rows])
    return [known[key].name for row in rows if (key := UUID(row["service"])) in known]


HELD = {
    "visits.VisitClient": Held(
        at("client"),
        _("Visits joined to you"),
        {
            "visit": _("Visit"),
            "joined_at": _("Joined"),
            "joined_by": _("Joined by"),
            "ended_at": _("Parted"),
        },
        order=("joined_at", "pk"),
    ),
    "visits.Visit": Held(
        _of_own_visit(""),
        _("Your visits"),
        {
            "point": _("Service point"),
            "arrived_at": _("Arrived"),
            "topic": _("Topic"),
            "language": _("Language"),
            "situation": _("Situation"),
            "age_band": _("Age band"),
            "source": _("How you heard of us"),
            "money_advice": _("Advice on money"),
            "state": _("How it ended"),
            "result": _("Result"),
            "ended_at": _("Ended"),
        },
        ending=STAYS,
        order=("arrived_at", "pk"),
    ),
    "visits.VisitTopic": Held(
        _of_own_visit("visit__"), _("Further topics of the visits"), {"topic": _("Topic")}, ending=STAYS
    ),
    "visits.VisitNote": Held(
        _of_own_visit("visit__"),
        _("The day's note"),
        {"called_name": _("Called by the name"), "text": _("Note"), "written_at": _("Written")},
    ),
    "visits.VisitTurn": Held(
        _of_own_visit("visit__"),
        _("Turn on the phone"),
        {"created_at": _("Given")},
        {"secret_hash": HASHED},
    ),
    "visits.VisitEvent": Held(
        _of_own_visit("visit__"),
        _("The course of the visits"),
        {"kind": _("What happened"), "at": _("When"), "by": _("By whom")},
        {"before": UNDO},
        ending=STAYS,
        order=("at", "pk"),
    ),
    "visits.Encounter": Held(
        _of_own_visit("visit__"),
        _("Conversations"),
        {"started_at": _("Begun"), "ended_at": _("Ended"), "desk": _("Desk")},
        ending=STAYS,
        order=("started_at", "pk"),
    ),
    "visits.Participation": Held(
        _of_own_visit("encounter__visit__"),
        _("Who took part in the conversations"),
        {
            "organisation": _("Organisation"),
            "profession": _("Profession"),
            "joined_at": _("Came"),
            "ended_at": _("Left"),
        },
        ending=STAYS,
        order=("joined_at", "pk"),
    ),
    "visits.Invitation": Held(
        _of_own_visit("visit__"),
        _("Who was asked along"),
        {"invited": _("Colleague"), "mode": _("How"), "state": _("What came of it"), "asked_at": _("Asked")},
        ending=STAYS,
        order=("asked_at", "pk"),
    ),
    "visits.Guidance": Held(
        _of_own_visit("encounter__visit__"),
        _("What was written of the conversations"),
        {
            "saved_at": _("Saved"),
            "notes": _("Notes"),
            "works": _("What already works"),
            "wish": _("What is wished for"),
            "next_step": _("Next step"),
            "helpers": _("Who helps"),
            "self_rating": _("Own rating"),
            "confidence": _("How sure, 0 to 10"),
            "put_aside": _("Services that did not suit"),
            "saved_by": _("Written by"),
        },
        ending=STAYS,
        emptied={
            "notes": "",
            "works": "",
            "wish": "",
            "next_step": "",
            "helpers": "",
            "self_rating": None,
            "confidence": None,
            "put_aside": [],
        },
        own_words={"put_aside": _put_aside},
        order=("saved_at", "pk"),
    ),
    "visits.GuidanceShare": Held(
        _of_own_visit("encounter__visit__"),
        _("To whom the notes were opened"),
        {"organisation": _("Organisation"), "shared_at": _("Opened"), "ended_at": _("Closed")},
        ending=STAYS,
        order=("shared_at", "pk"),
    ),
    "visits.AgreedStep": Held(
        _of_own_visit("encounter__visit__"),
        _("What was agreed"),
        {
            "what": _("What"),
            "who": _("Who does it"),
            "partner": _("Which partner"),
            "due_on": _("By"),
            "benefit": _("What it is good for"),
            "status": _("How far it is"),
            "agreed_at": _("Agreed"),
            "told_at": _("Told how it went"),
        },
        ending=STAYS,
        emptied={"what": NO_WORDS, "partner": "", "benefit": ""},
        order=("agreed_at", "pk"),
    ),
    "visits.EncounterReferral": Held(
        _of_own_visit("encounter__visit__"), _("Referrals made in the conversations"), ending=STAYS
    ),
    "visits.Draft": Held(
        _of_own_visit("encounter__visit__"),
        _("What is being written"),
        {"typed": _("Text"), "saved_at": _("Saved")},
        order=("saved_at", "pk"),
    ),
}

# A visit that was joined to the person later, with what came of it.
ALSO = {
    "clients.Referral": _of_own_visit("encounter_link__encounter__visit__"),
    "clients.ReferralEvent": _of_own_visit("referral__encounter_link__encounter__visit__"),
    "clients.Link": _of_own_visit("referral__encounter_link__encounter__visit__"),
}

NOBODYS = {"visits.VisitOnceKnown": "that a visit was somebody's who was erased since; whose, nobody can tell"}


def before_erasure(person: UUID, at: datetime, using: str) -> None:
    """Of each visit of the person stays that it was somebody's on file, and of which municipality: figures need it."""
    keep_as_once_known(person, at=at, using=using)

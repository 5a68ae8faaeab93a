"""What is done about the catalogue: confirm that a service is still so, note for colleagues, make it findable."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from services import indexing
from services.models import Service, WordForm
from team.access import Member
from tyoparkki import audit, clock
from tyoparkki.errors import Refused


class ChangedMeanwhile(Refused):
    """Somebody else wrote the note after this form was opened."""

    message = _("A colleague changed this text while you were writing. Their text is shown beside yours.")


class NotConfirmed(Refused):
    """There is no confirmation of one's own of today to take back."""

    message = _("A colleague has confirmed this after you, so your confirmation cannot be undone any more.")


_VERIFIED = ["verified_on", "verified_by", "verified_before_on", "verified_before_by"]


@transaction.atomic
def verify(service: Service, *, by: Member, at: datetime) -> Service:
    """Somebody checked today that what is told of the service still holds; once more by the same adds nothing."""
    now, today = _locked(service), clock.local_date(at)
    if (now.verified_on, now.verified_by_id) == (today, by.membership_id):
        return now
    now.verified_before_on, now.verified_before_by_id = now.verified_on, now.verified_by_id
    now.verified_on, now.verified_by = today, by.membership
    now.save(update_fields=_VERIFIED)
    audit.record("service.verified", now, by=by.actor, at=at, fields=["verified_on"])
    return now


@transaction.atomic
def undo_verify(service: Service, *, by: Member, at: datetime) -> Service:
    """The confirmation was a slip: the earlier day holds again, and who confirmed it then."""
    now = _locked(service)
    if now.verified_by_id != by.membership_id or now.verified_on != clock.local_date(at):
        raise NotConfirmed
    now.verified_on, now.verified_by_id = now.verified_before_on, now.verified_before_by_id
    now.verified_before_on = now.verified_before_by = None
    now.save(update_fields=_VERIFIED)
    audit.record("service.verify_undone", now, by=by.actor, at=at, fields=["verified_on"])
    return now


@transaction.atomic
def note(service: Service, text: str, *, seen: str, by: Member, at: datetime) -> Service:
    """Write what colleagues need to know to refer here; `seen` is the text that the writer started from."""
    now = _locked(service)
    if now.professional_note != seen and now.professional_note != text:
        raise ChangedMeanwhile
    now.professional_note = text
    now.save(update_fields=["professional_note"])
    audit.record("service.noted", now, by=by.actor, at=at, fields=["professional_note"])
    return now


def _locked(service: Service) -> Service:
    return Service.objects.select_for_update(of=("self",)).get(pk=service.pk)


@transaction.atomic
def index(services: Iterable[Service]) -> None:
    """Write anew what these services are found by."""
    for service in services:
        found = indexing.index_of(service)
        Service.objects.filter(pk=service.pk).update(search_words=found.words, search=found.vector)


@transaction.atomic
def learn_words() -> None:
    """Keep every form of every Finnish word that the catalogue uses; some seconds, as it reads the big dictionary."""
    in_use = Service.objects.published().values_list("search_words", flat=True)
    wanted = indexing.forms_of({word for text in in_use for word in text.split()})
    known = {(form, lemma): pk for pk, form, lemma in WordForm.objects.values_list("pk", "form", "lemma")}
    WordForm.objects.filter(pk__in=[pk for pair, pk in known.items() if pair not in wanted]).delete()
    rows = [WordForm(form=form, lemma=lemma) for form, lemma in sorted(wanted - known.keys())]
    WordForm.objects.bulk_create(rows, batch_size=5000, ignore_conflicts=True)

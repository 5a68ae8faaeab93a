"""One press, one effect: a form's hidden key makes the second sending of the same form an answer, not an act.

In a view, after the form has been found valid:

    with submission.once_for(request, at=at) as sending:
        if sending.first:
            sending.object_id = actions.arrive(…).pk
    visit = get_object_or_404(Visit.objects.visible_to(…), pk=sending.object_id)

A refusal raised inside the block undoes the key with the act, so the corrected form may be sent again.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from tyoparkki import actor
from tyoparkki.actor import Actor
from tyoparkki.errors import Refused
from tyoparkki.models import Submission

FIELD = "submission_key"
_NOT_CONTENT = {FIELD, "csrfmiddlewaretoken"}

Body = Mapping[str, str | Sequence[str]]


class OtherContent(Refused):
    """The same key came with other content, from another form or from somebody else."""

    message = _("This form has already been sent with other content. Check the page and send the form again.")
    status = 422


class BadKey(Refused):
    """The hidden key is not one of ours."""

    message = _("The form is incomplete. Load the page again and send the form once more.")
    status = 422


@dataclass(slots=True)
class Sending:
    """One sending of a form: whether the act is still to be done, and what an earlier sending made."""

    first: bool
    object_id: str | UUID | int = ""


@contextmanager
def once(
    key: UUID, *, by: Actor, route: str, body: Body, at: datetime, object_id: str | UUID = ""
) -> Iterator[Sending]:
    """Do an act once for a key: a second sending waits for the first and finds its result.

    `object_id` is known beforehand when the act makes a row whose key was made here: it saves a statement.

    Raises OtherContent when the key was used for something else.
    """
    content = _fingerprint(body)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {Submission._meta.db_table} (key, actor, route, body_hash, object_id, at)"  # noqa: S608 - our own table's name
                " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (key) DO NOTHING RETURNING key",
                [key, by.key, route, content, str(object_id), at],
            )
            first = cursor.fetchone() is not None
        if not first:
            earlier = Submission.objects.get(key=key)
            if (earlier.actor, earlier.route, earlier.body_hash) != (by.key, route, content):
                raise OtherContent
            yield Sending(first=False, object_id=earlier.object_id)
            return
        sending = Sending(first=True, object_id=object_id)
        yield sending
        if sending.object_id and sending.object_id != object_id:
            Submission.objects.filter(key=key).update(object_id=str(sending.object_id))


@contextmanager
def once_for(request: HttpRequest, *, at: datetime, object_id: str | UUID = "") -> Iterator[Sending]:
    """The same for a posted form, by its hidden field; a form that came without one is done as it is."""
    text = request.POST.get(FIELD, "")
    if not text:
        with transaction.atomic():
            yield Sending(first=True, object_id=object_id)
        return
    try:
        key = UUID(text)
    except ValueError:
        raise BadKey from None
    route = request.resolver_match.view_name if request.resolver_match else ""
    kwargs = request.resolver_match.kwargs if request.resolver_match else {}
    path = ",".join(f"{name}={value}" for name, value in sorted(kwargs.items()))
    body = {**_lists(request.POST), "": path}
    with once(key, by=actor.current() or actor.PUBLIC, route=route, body=body, at=at, object_id=object_id) as sending:
        yield sending


def is_done(key: UUID) -> bool:
    """Whether a form with this key has been sent and carried out."""
    return Submission.objects.filter(key=key).exists()


def was_sent(request: HttpRequest) -> bool:
    """Whether this form has been sent before: what it asks may have changed by its own first sending."""
    key = key_of(request)
    return key is not None and is_done(key)


def key_of(request: HttpRequest) -> UUID | None:
    """The hidden key of a posted form, if it came with one."""
    try:
        return UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def _lists(data: QueryDict) -> dict[str, list[str]]:
    return {name: data.getlist(name) for name in data if name not in _NOT_CONTENT}


def _fingerprint(body: Body) -> str:
    """A keyed hash, so that what was typed cannot be guessed from it."""
    text = json.dumps({name: list(body[name]) for name in sorted(body)}, ensure_ascii=True)
    return hmac.new(settings.SECRET_KEY.encode(), b"submission" + text.encode(), hashlib.sha256).hexdigest()

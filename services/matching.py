"""Which services to suggest: one rule a line, each with its reason in plain words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from services.models import Service
from services.needs import class_name, groups_named
from team.models import Topic
from team.service_classes import source
from tyoparkki.names import name_key
from tyoparkki.texts import pick


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A service and why it is suggested."""

    service: Service
    reason: str
    points: int
    for_whom: str = ""


# How much each rule says. The topic decides; language and freshness put equals in order.
SAME_CLASS = 10
OWN_LANGUAGE = 3
FRESH, DEMOTED = 1, -6


def ranked(
    services: Iterable[Service], classes: Collection[str], *, language: str, today: date, limit: int
) -> list[Suggestion]:
    """The services that fit the topics' service classes, best first; nothing is suggested without a reason."""
    found = [suggestion for service in services if (suggestion := _weighed(service, classes, language, today))]
    return sorted(found, key=lambda one: (-one.points, name_key(one.service.name)))[:limit]


def _weighed(service: Service, classes: Collection[str], language: str, today: date) -> Suggestion | None:
    same = [code for code in service.service_classes if code in classes]
    if not same:
        return None
    points = SAME_CLASS * len(same)
    reasons = [_("Fits the topic: %(what)s") % {"what": class_name(same[0]) or same[0]}]
    if language and language in service.languages:
        points += OWN_LANGUAGE
        if language != "fi":
            reasons.append(_("served in the visitor's language"))
    freshness = service.freshness(today)
    points += {"fresh": FRESH, "demoted": DEMOTED}.get(freshness, 0)
    if freshness == "demoted":
        reasons.append(_("not checked for a long time"))
    return Suggestion(service, ", ".join(reasons), points, for_whom(service))


def for_whom(service: Service) -> str:
    """Whom the service is meant for and on what terms, as far as the catalogue knows: the eligibility to look at."""
    groups, terms = ", ".join(groups_named(service.target_groups)), pick(service.requirements)
    return ". ".join(part for part in (groups, terms) if part)


def suggest(
    topic_codes: Sequence[str],
    language: str,
    limit: int,
    *,
    point_id: UUID,
    today: date,
    without: Collection[UUID] = (),
) -> list[Suggestion]:
    """Suggestions for the topics of a visit, by the topics' own service classes at this point. Two statements.

    A topic may be named by its code or by its key.
    """
    wanted = set(topic_codes)
    topics = Topic.objects.at(point_id)
    classes = {code for row in topics if {row.code, str(row.pk)} & wanted for code in row.service_classes}
    if not classes:
        return []
    services = Service.objects.published().of_classes(classes).for_lists().exclude(pk__in=without)
    return ranked(services, classes, language=language, today=today, limit=limit)


@source
def classes_of_catalogue(chosen: Collection[str] = ()) -> list[tuple[str, str]]:
    """What may be suggested for a topic: the classes under which something is published, and those chosen already."""
    filed = Service.objects.published().values_list("service_classes", flat=True)
    codes = {code for row in filed for code in row} | set(chosen)
    return sorted(((code, class_name(code) or code) for code in codes), key=lambda choice: name_key(choice[1]))

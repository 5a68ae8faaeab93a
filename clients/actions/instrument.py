"""Instruments of self-assessment are loaded from a file, the product's own or the house's: a new one needs no code."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.models import Instrument, InstrumentVersion, OutcomeType
from tyoparkki import audit
from tyoparkki.actor import SYSTEM
from tyoparkki.errors import Refused

DATA = Path(__file__).resolve().parent.parent / "data"
INSTRUMENTS = DATA / "instruments.json"
OUTCOME_TYPES = DATA / "outcome_types.json"

_FROZEN = ("least", "most", "sensitivity", "is_external")
_TOLD = (
    "names", "purposes", "licence", "source", "link", "least_words", "most_words", "is_asked_after_service",
)  # fmt: skip
_WORDS = ("instructions", "stems", "answers", "areas")
_LANGUAGE_OF_ALL = "fi"


class BadInstrument(Refused):
    """The file does not describe an instrument; the sentence says what is wrong."""

    status = 422


class ScaleChanged(Refused):
    """Another scale or sensitivity would make old answers mean something else."""

    message = _("The scale and the sensitivity of a known instrument stay. Give the new one a key of its own.")


class VersionChanged(Refused):
    """What was asked is never rewritten."""

    message = _("This version has been loaded with other words. Give the new words the next version number.")


def load_shipped(*, at: datetime) -> int:
    """Bring in the instruments that the product ships; returns how many versions were new."""
    return load_instruments(json.loads(INSTRUMENTS.read_text(encoding="utf-8")), at=at)


@transaction.atomic
def load_instruments(data: Any, *, at: datetime) -> int:
    """Bring in instruments and new versions; what is there already stays. Returns how many versions were new.

    Refused as a whole when any of them is faulty.
    """
    rows = data.get("instruments") if isinstance(data, dict) else None
    if not isinstance(rows, list) or not rows:
        raise BadInstrument(_("The file has no list of instruments."))
    last = Instrument.objects.count()
    return sum(_load(_checked(row), position=last + place, at=at) for place, row in enumerate(rows))


def _load(row: dict[str, Any], *, position: int, at: datetime) -> int:
    told = {name: row[name] for name in (*_FROZEN, *_TOLD)}
    known = Instrument.objects.select_for_update(of=("self",)).filter(key=row["key"]).first()
    if known is None:
        known = Instrument.objects.create(key=row["key"], position=position, **told)
        audit.record("instrument.added", known, by=SYSTEM, at=at)
    elif any(getattr(known, name) != row[name] for name in _FROZEN):
        raise ScaleChanged
    else:
        _tell(known, told, at=at)
    version = row["version"]
    words = {name: version[name] for name in _WORDS}
    earlier = known.versions.filter(number=version["number"]).first()
    if earlier is not None:
        if any(getattr(earlier, name) != words[name] for name in _WORDS):
            raise VersionChanged
        return 0
    approved = date.fromisoformat(version["approved_on"]) if version["approved_on"] else None
    made = InstrumentVersion.objects.create(
        instrument=known, number=version["number"], approved_on=approved, loaded_at=at, **words
    )
    audit.record("instrument.version_added", made, by=SYSTEM, at=at)
    return 1


def _tell(known: Instrument, told: dict[str, Any], *, at: datetime) -> None:
    """Names, licence and source may be mended; each change leaves its trace."""
    changed = [name for name in _TOLD if getattr(known, name) != told[name]]
    if not changed:
        return
    for name in changed:
        setattr(known, name, told[name])
    known.save(update_fields=changed)
    audit.record("instrument.changed", known, by=SYSTEM, at=at, fields=changed)


def _checked(row: Any) -> dict[str, Any]:
    """An instrument as the file has it, with what may be left out filled in; refused when something is wrong."""
    if not isinstance(row, dict) or not str(row.get("key", "")):
        raise BadInstrument(_("An instrument has no key."))
    key, version = row["key"], row.get("version")
    empty = {"purposes": {}, "source": "", "link": "", "least_words": {}, "most_words": {}, "sensitivity": "plain"}
    flags = {"is_external": False, "is_asked_after_service": False}
    whole = {**empty, **flags, **row}
    if not (_is_texts(whole.get("names")) and whole.get("licence") and isinstance(version, dict)):
        raise _wrong(key, _("it needs names in Finnish, a licence and a version"))
    least, most = whole.get("least"), whole.get("most")
    if not (isinstance(least, int) and isinstance(most, int) and 0 <= least < most <= least + 10):
        raise _wrong(key, _("its scale must begin at 0 or above and have from 2 to 11 values"))
    if whole["sensitivity"] not in Instrument.Sensitivity.values:
        raise _wrong(key, _("its sensitivity is neither plain nor sensitive"))
    scale = {str(value) for value in range(least, most + 1)}
    whole["version"] = _checked_version(key, version, scale)
    return whole


def _checked_version(key: str, version: dict[str, Any], scale: set[str]) -> dict[str, Any]:
    whole = {"instructions": {}, "stems": {}, "answers": {}, "approved_on": None, **version}
    if not isinstance(whole.get("number"), int) or whole["number"] < 1:
        raise _wrong(key, _("its version has no number"))
    areas = whole.get("areas")
    if not isinstance(areas, list) or not areas:
        raise _wrong(key, _("it asks nothing"))
    keys = [area.get("key") if isinstance(area, dict) else None for area in areas]
    if not all(isinstance(one, str) and 0 < len(one) <= 40 for one in keys) or len(set(keys)) != len(keys):
        raise _wrong(key, _("each area needs a key of its own"))
    if not all(_is_texts(area.get("texts")) for area in areas):
        raise _wrong(key, _("each area needs its words in Finnish"))
    for answers in (whole["answers"], *(area.get("answers") or {} for area in areas)):
        if answers and (set(answers) != scale or not all(_is_texts(texts) for texts in answers.values())):
            raise _wrong(key, _("words of answers must name every value of the scale and no other"))
    return whole


def _is_texts(texts: Any) -> bool:
    """Texts by language, Finnish among them."""
    return (
        isinstance(texts, dict)
        and all(isinstance(text, str) for text in texts.values())
        and bool(texts.get(_LANGUAGE_OF_ALL))
    )


def _wrong(key: str, why: object) -> BadInstrument:
    return BadInstrument(_("Instrument %(key)s: %(why)s.") % {"key": key, "why": why})


@transaction.atomic
def load_outcome_types(*, at: datetime) -> int:
    """Bring in the kinds of outcome that the product ships; those that are there stay as the house has them."""
    rows = json.loads(OUTCOME_TYPES.read_text(encoding="utf-8"))["types"]
    known = set(OutcomeType.objects.values_list("code", flat=True))
    made = [OutcomeType(**row, position=place) for place, row in enumerate(rows) if row["code"] not in known]
    for row in OutcomeType.objects.bulk_create(made):
        audit.record("outcome_type.added", row, by=SYSTEM, at=at)
    return len(made)

"""The same on paper: a page to read, in the person's language, made without any program of the machine's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst
from django.utils import translation
from django.utils.translation import gettext as _

from clients.rights.telling import Everything, by_day, line_of
from tyoparkki.templatetags.tp import hm, long_day

FORM = Path(__file__).resolve().parent.parent / "data" / "export.typ"


def pdf(form: Path, words: dict[str, Any]) -> bytes:
    """A page of a form and its words, as PDF with its structure marked: the one place where PDFs are made.

    The words reach the form as data, so nothing that anybody wrote is read as a command of the form.
    """
    made = typst.compile(str(form), format="pdf", sys_inputs={"words": json.dumps(words, ensure_ascii=False)})
    return bytes(made)


def of_everything(told: Everything) -> bytes:
    """What one person is told, to read."""
    with translation.override(told.language):
        return pdf(FORM, _words(told))


def _words(told: Everything) -> dict[str, Any]:
    return {
        "language": told.language,
        "title": _("What is kept of you"),
        "made": _("Gathered on %(day)s at %(time)s.") % {"day": long_day(told.at), "time": hm(told.at)},
        "opening": [
            _("This is all that the register keeps of you. The data file beside it holds the same rows in full."),
            _("Colleagues are told by organisation and role, not by name. Nothing is told of other people."),
            _("Your name may also stand in free text that was written of another person; such texts are not searched."),
            _("You may ask for a correction, withdraw a consent or have all of it erased. Ask at the service point."),
        ],
        "tables": [
            {"title": table.title, "rows": [[list(pair) for pair in row] for row in table.readable]}
            for table in told.tables
            if any(table.readable)
        ],
        "looks_title": _("Who has looked at your data"),
        "looks": [
            {
                "day": str(long_day(day)),
                "lines": [line_of(look) for look in looks],
            }
            for day, looks in by_day(told.looks)
        ],
        "nobody": _("Nobody has looked."),
    }

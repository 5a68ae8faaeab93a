"""How one was in touch, and after how long what is due."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from clients.actions.referral_clock import Patience
from clients.clocks import Terms
from clients.models import ContactNote, PointPromise
from team.models import Membership
from tyoparkki.forms import BaseForm
from tyoparkki.names import name_key


class ContactForm(BaseForm):
    """In which way one was in touch."""

    mode = forms.ChoiceField(label=_("How were you in touch"), choices=ContactNote.Mode.choices)


def _days(label: Any, most: int = 400) -> forms.IntegerField:
    """A number of days or months."""
    return forms.IntegerField(
        label=label,
        validators=[MinValueValidator(1, _("At least 1.")), MaxValueValidator(most, _("That is too long."))],
        error_messages={"required": _("Write a number."), "invalid": _("Write a number.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


def _name(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=80,
        error_messages={"required": _("Write the promise in this language.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class TermsForm(BaseForm):
    """After how long what is due at the service point."""

    first_contact_days = _days(_("First contact, working days after the plan opens or a hand-over"), most=60)
    dense_days = _days(_("Contact often: at most so many days between"))
    sparse_days = _days(_("Contact at longer intervals: at most so many days between"))
    occasional_days = _days(_("Contact when needed: at most so many days between"))
    lost_days = _days(_("No contact: on the coach’s list after so many days"))
    long_lost_days = _days(_("No contact: on this page after so many days"))
    gap_days = _days(_("Chain of services: a gap is told after so many days"))
    need_days = _days(_("A need or an obstacle without any act: on the coach’s list after so many days"))
    plan_review_months = _days(_("Look at the plan again, months"), most=24)
    need_review_months = _days(_("Look at the need for support again, months"), most=24)
    referral_remind_days = _days(_("Referral without an answer: remind the recipient after so many days"))
    referral_late_days = _days(_("Referral without an answer: tell the sender after so many days"))
    referral_stuck_days = _days(_("Referral without an answer: tell who leads the point after so many days"))
    referral_lapse_days = _days(_("Referral without an answer: it lapses after so many days"))

    def clean(self) -> dict[str, Any]:
        """The manager hears later than the coach; a referral is reminded of in order, and lapses last."""
        data = super().clean() or self.cleaned_data
        self._rises("lost_days", "long_lost_days", _("This must be more days than on the coach’s list."))
        self._rises("referral_remind_days", "referral_late_days", _("The sender is told later than the recipient."))
        self._rises("referral_late_days", "referral_stuck_days", _("Who leads is told later than the sender."))
        self._rises("referral_stuck_days", "referral_lapse_days", _("It lapses later than who leads is told."))
        return data

    def _rises(self, first: str, then: str, text: Any) -> None:
        days = self.cleaned_data
        if days.get(first) and days.get(then) and days[then] <= days[first]:
            self.add_error(then, text)

    @staticmethod
    def initial_of(terms: Terms, patience: Patience) -> dict[str, int]:
        """The terms as they are now."""
        own = {name: getattr(terms, name) for name in Terms.__slots__}
        return own | {name: getattr(patience, name) for name in Patience.__slots__}

    @property
    def people_fields(self) -> list[forms.BoundField]:
        """The terms of contacts and plans."""
        return [field for field in self if not field.name.startswith("referral_")]

    @property
    def referral_fields(self) -> list[forms.BoundField]:
        """The terms of referrals that nobody answers."""
        return [field for field in self if field.name.startswith("referral_")]


class AssignForm(BaseForm):
    """Who answers from now on."""

    colleague = forms.ChoiceField(
        label=_("Who answers from now on"),
        error_messages={"required": _("Choose the colleague."), "invalid_choice": _("Choose the colleague.")},
    )

    def __init__(self, *args: Any, colleagues: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {str(one.pk): one for one in sorted(colleagues, key=lambda one: name_key(one.user.name))}
        rows = [(key, f"{one.user.name}, {one.organisation.short_name}") for key, one in self.colleagues.items()]
        self.offer("colleague", [("", str(_("Choose"))), *rows])

    def clean_colleague(self) -> Membership:
        """The membership itself."""
        return self.colleagues[self.cleaned_data["colleague"]]


class PromiseForm(BaseForm):
    """A promise that the point adds, in three languages."""

    name_fi = _name(_("The promise in Finnish"))
    name_sv = _name(_("In Swedish"))
    name_en = _name(_("In English"))
    days = _days(_("Within so many working days"), most=60)
    counted_from = forms.ChoiceField(label=_("Counted"), choices=PointPromise.CountedFrom.choices)

    def told(self) -> dict[str, Any]:
        """The promise as the action takes it."""
        data = self.cleaned_data
        names = {code: " ".join(data[f"name_{code}"].split()) for code in ("fi", "sv", "en")}
        return {"names": names, "days": data["days"], "counted_from": data["counted_from"]}

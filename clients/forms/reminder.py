"""How one was in touch, and after how long what is due."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from clients.actions.referral_clock import Patience
from clients.clocks import Terms
from clients.models import ContactNote
from tyoparkki.forms import BaseForm


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


class TermsForm(BaseForm):
    """After how long what is due at the service point."""

    first_contact_days = _days(_("First contact, working days after the plan opens or a hand-over"), most=60)
    dense_days = _days(_("Contact often: at most so many days between"))
    sparse_days = _days(_("Contact at longer intervals: at most so many days between"))
    occasional_days = _days(_("Contact when needed: at most so many days between"))
    lost_days = _days(_("No contact: on the coach’s list after so many days"))
    long_lost_days = _days(_("No contact: on this page after so many days"))
    gap_days = _days(_("Chain of services: a gap is told after so many days"))
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

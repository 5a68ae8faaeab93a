"""Where a person is guided, and the moves of a referral."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from clients import multi_sectoral
from clients.actions.referral import MultiSectoral
from clients.keys import phone_abroad
from clients.models import Referral
from services.models import Service
from team.models import Organisation, Term
from tyoparkki.clock import HELSINKI
from tyoparkki.forms import BaseForm
from tyoparkki.texts import LANGUAGES

_NAMES = {"fi": "suomi", "sv": "svenska", "en": "English"}
RECIPIENT_LANGUAGES = [(code, _NAMES[code]) for code in LANGUAGES]
NOT_OF_NUMBER = re.compile(r"[^\d\s()+\-]")
FEWEST_DIGITS, MOST_DIGITS = 8, 15
CHOOSE = {"required": _("Choose one from the list."), "invalid_choice": _("Choose one from the list.")}


class RecipientForm(BaseForm):
    """Where a link for answering goes, when the recipient has no account; the same from a visit and from a person."""

    recipient_email = forms.EmailField(
        label=_("E-mail of the recipient"),
        required=False,
        help_text=_("A link for answering goes there. The mail does not name the person."),
        error_messages={"invalid": _("Write the e-mail address in full, for example aino@posti.example.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    recipient_phone = forms.CharField(
        label=_("Mobile number of the recipient"),
        max_length=25,
        required=False,
        help_text=_("The same as a text message. It does not name the person."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    language = forms.ChoiceField(label=_("Language of the recipient"), choices=RECIPIENT_LANGUAGES, required=False)

    def clean_recipient_phone(self) -> str:
        """The number as it is dialled from everywhere."""
        typed = str(self.cleaned_data["recipient_phone"]).strip()
        if not typed:
            return ""
        number = phone_abroad(typed)
        if NOT_OF_NUMBER.search(typed) or not FEWEST_DIGITS <= len(number) - 1 <= MOST_DIGITS:
            raise forms.ValidationError(_("Write the telephone number in digits, for example 040 123 4567."))
        return number

    def told_of_recipient(self) -> dict[str, str]:
        """What the action needs of it."""
        data = self.cleaned_data
        return {
            "recipient_email": data["recipient_email"],
            "recipient_phone": data["recipient_phone"],
            "language": data["language"] or "fi",
        }


class ReferPersonForm(RecipientForm):
    """To which service or organisation, why, where the link goes, and what multi-sectoral support asks for."""

    field_order = ("found", "reason", "recipient_email", "recipient_phone", "language")

    found = forms.UUIDField(
        label=_("Service or organisation"),
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Choose a service from the list."),
            "invalid": _("Choose a service from the list."),
        },
    )
    reason = forms.CharField(
        label=_("Why, in the visitor’s words"),
        max_length=300,
        required=False,
        help_text=_("Only what the person wants to be told. No illnesses, no benefit amounts."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind of referral"), choices=Referral.Kind.choices, required=False, initial=Referral.Kind.SERVICE
    )
    criteria = forms.MultipleChoiceField(
        label=_("Criteria met"),
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    return_organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Who takes the person back"),
        required=False,
        empty_label=_("Choose"),
        error_messages=CHOOSE,
    )
    return_on = forms.DateField(
        label=_("By when"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as day.month.year, for example 1.6.2027.")},
    )
    return_note = forms.CharField(
        label=_("What is agreed of the return"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, today: date, own: UUID, **kwargs: Any) -> None:
        """`own`: the organisation that takes the person back, unless another is chosen."""
        kwargs.setdefault("initial", {"return_organisation": own})
        super().__init__(*args, **kwargs)
        self.today = today
        self.offer("criteria", multi_sectoral.choices())
        self.offer_rows("return_organisation", Organisation.objects.filter(is_active=True).order_by("short_name", "pk"))

    @property
    def is_multi_sectoral(self) -> bool:
        """Whether multi-sectoral support is chosen, valid or not."""
        return bool(self["kind"].value() == Referral.Kind.MULTI_SECTORAL)

    @property
    def offered_criteria(self) -> list[tuple[multi_sectoral.Criterion, bool]]:
        """Each criterion with its source, and whether it is chosen."""
        chosen = self["criteria"].value() or []
        return [(one, one.code in chosen) for one in multi_sectoral.criteria().values()]

    def clean_found(self) -> Service | Organisation:
        """The service or the organisation itself."""
        key = self.cleaned_data["found"]
        service = Service.objects.published().select_related("organisation").filter(pk=key).first()
        found = service or Organisation.objects.filter(is_active=True, pk=key).first()
        if found is None:
            raise forms.ValidationError(_("Choose a service from the list."))
        return found

    def clean(self) -> dict[str, Any]:
        """Multi-sectoral support needs a criterion and a way back; the rest of its fields is nobody's otherwise."""
        data = super().clean() or self.cleaned_data
        if data.get("kind") != Referral.Kind.MULTI_SECTORAL:
            return data
        if not data.get("criteria") and "criteria" not in self.errors:
            self.add_error("criteria", _("Choose at least one criterion."))
        if not data.get("return_organisation") and "return_organisation" not in self.errors:
            self.add_error("return_organisation", _("Choose who takes the person back."))
        if not data.get("return_on") and "return_on" not in self.errors:
            self.add_error("return_on", _("Write the day of the return."))
        elif data.get("return_on") and data["return_on"] <= self.today:
            self.add_error("return_on", _("The return is after today."))
        return data

    def told(self) -> dict[str, Any]:
        """What the action needs."""
        data, to = self.cleaned_data, self.cleaned_data["found"]
        names = ("criteria", "return_organisation", "return_on", "return_note")
        together = data["kind"] == Referral.Kind.MULTI_SECTORAL
        return {
            "service": to if isinstance(to, Service) else None,
            "organisation": to if isinstance(to, Organisation) else None,
            "reason": data["reason"],
            "multi_sectoral": MultiSectoral(**{name: data[name] for name in names}) if together else None,
            **self.told_of_recipient(),
        }


class WordForm(BaseForm):
    """Why a referral cannot be taken, or how it ended: a word of the sender's vocabulary."""

    word = forms.ModelChoiceField(
        Term.objects.none(), label=_("Reason"), empty_label=_("Choose"), error_messages=CHOOSE
    )

    def __init__(self, *args: Any, referral: Referral, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{kind}_%s", **kwargs)
        fields: dict[str, Any] = self.fields
        fields["word"].queryset = Term.objects.at(referral.point_id, kind)
        fields["word"].label = _("Reason") if kind == Term.Kind.REFUSAL else _("Result")


class MeetingForm(BaseForm):
    """When and where the client, the sender and the recipient meet."""

    on = forms.DateField(
        label=_("Day of the meeting"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    place = forms.CharField(
        label=_("Place"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="meeting_%s", **kwargs)

    @property
    def moment(self) -> datetime:
        """The beginning of the meeting."""
        return datetime.combine(self.cleaned_data["on"], self.cleaned_data["time"], tzinfo=HELSINKI)


class LinkAnswerForm(BaseForm):
    """One choice and one press: what the recipient without an account answers, as far as the referral has come."""

    answer = forms.CharField(error_messages={"required": _("Choose one from the list.")})

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.referral = referral
        status = Referral.Status
        words = Term.objects.filter(point_id=referral.point_id, is_active=True).order_by("position", "pk")
        terms = list(words.filter(kind__in=(Term.Kind.REFUSAL, Term.Kind.ENDING)))
        self.words = {str(term.pk): term for term in terms}
        plain = [
            (status.RECEIVED, "receive", _("We take this and contact the client")),
            (status.CONTACTED, "contact", _("We have been in contact with the client")),
            (status.STARTED, "start", _("The service has started")),
            (status.CLIENT_WITHDREW, "client_withdraws", _("The client does not want this any more")),
        ]
        self.plain = [(name, text) for moved, name, text in plain if referral.allows(moved)]
        self.endings = self._worded(terms, Term.Kind.ENDING, "end") if referral.allows(status.ENDED) else []
        self.refusals = self._worded(terms, Term.Kind.REFUSAL, "decline") if referral.allows(status.DECLINED) else []

    def _worded(self, terms: list[Term], kind: str, move: str) -> list[tuple[str, str]]:
        return [(f"{move}:{term.pk}", str(term)) for term in terms if term.kind == kind]

    @property
    def is_open(self) -> bool:
        """Whether anything can still be answered."""
        return bool(self.plain or self.endings or self.refusals)

    def clean_answer(self) -> tuple[str, Term | None]:
        """The move, with its word where it has one."""
        move, _colon, key = self.cleaned_data["answer"].partition(":")
        known = {"receive", "contact", "start", "client_withdraws", "undo"}
        if (move in known and not key) or (move in {"decline", "end"} and key in self.words):
            return move, self.words.get(key)
        raise forms.ValidationError(_("Choose one from the list."))

"""Where a person is guided, and the moves of a referral."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Referral
from services.models import Service
from team.models import Organisation, Term
from tyoparkki.clock import HELSINKI
from tyoparkki.forms import BaseForm
from tyoparkki.texts import LANGUAGES

_NAMES = {"fi": "suomi", "sv": "svenska", "en": "English"}
CHOOSE = {"required": _("Choose one from the list."), "invalid_choice": _("Choose one from the list.")}


class ReferPersonForm(BaseForm):
    """To which service or organisation, why, by whom the contact is made, and where the link goes."""

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
    recipient_email = forms.EmailField(
        label=_("E-mail of the recipient"),
        required=False,
        help_text=_("A link for answering goes there. The mail does not name the person."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the recipient"), choices=[(code, _NAMES[code]) for code in LANGUAGES], required=False
    )

    def clean_found(self) -> Service | Organisation:
        """The service or the organisation itself."""
        key = self.cleaned_data["found"]
        service = Service.objects.published().select_related("organisation").filter(pk=key).first()
        found = service or Organisation.objects.filter(is_active=True, pk=key).first()
        if found is None:
            raise forms.ValidationError(_("Choose a service from the list."))
        return found

    def told(self) -> dict[str, Any]:
        """What the action needs."""
        data, to = self.cleaned_data, self.cleaned_data["found"]
        return {
            "service": to if isinstance(to, Service) else None,
            "organisation": to if isinstance(to, Organisation) else None,
            "reason": data["reason"],
            "recipient_email": data["recipient_email"],
            "language": data["language"] or "fi",
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

"""One press at the door; all the rest has a default."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from employers.models import Employer
from team.access import Member
from team.models import Party, Topic
from tyoparkki import clock
from tyoparkki.forms import BaseForm
from tyoparkki.models import Language
from visits.choices import QUICK_LANGUAGES
from visits.forms.asking import AsksField, asked

# A press on a topic, or the topic chosen beside an employer's name: the form sends one of them.
TOPIC_FIELDS = ("topic", "employer_topic")


class ArrivalForm(BaseForm):
    """A topic makes a visit; a person, an employer, a group, a wish or a paper number's time may come with it."""

    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"))
    party = forms.ChoiceField(choices=Party.choices, required=False, label=_("Who came"))
    language = forms.CharField(max_length=3, required=False, label=_("Language"))
    other_language = forms.CharField(max_length=3, required=False, label=_("Other language"))
    party_size = forms.IntegerField(min_value=1, max_value=99, required=False, label=_("How many people"))
    employer = forms.ModelChoiceField(Employer.objects.none(), required=False, label=_("Employer"))
    employer_name = forms.CharField(max_length=120, required=False, strip=True, label=_("Employer"))
    client = forms.UUIDField(required=False)
    client_name = forms.CharField(max_length=120, required=False, strip=True, label=_("Client"))
    asks = AsksField()
    came_at = forms.TimeField(required=False, label=_("Came at"))
    outside_hours = forms.BooleanField(required=False)
    once_more = forms.BooleanField(required=False)

    def __init__(self, data: Any, *, member: Member, at: datetime) -> None:
        super().__init__({**data.dict(), "topic": next(filter(None, map(data.get, TOPIC_FIELDS)), "")})
        self.member, self.at = member, at
        fields: dict[str, Any] = self.fields
        fields["topic"].queryset = Topic.objects.at(member.point_id)
        fields["topic"].error_messages["required"] = _("Press the topic that the visitor came for.")
        fields["employer"].queryset = Employer.objects.filter(point_id=member.point_id)

    def clean_other_language(self) -> str:
        """Finnish unless another known language was chosen; the result is the visit's language."""
        code = self.cleaned_data.get("language") or self.cleaned_data["other_language"] or "fi"
        if code not in dict(QUICK_LANGUAGES) and not Language.objects.filter(code=code).exists():
            raise forms.ValidationError(_("Choose the language from the list."))
        return str(code)

    def clean_party(self) -> str:
        """A client unless said otherwise."""
        return self.cleaned_data["party"] or Party.CLIENT.value

    def clean_asks(self) -> Any:
        """The colleague and the profession asked for."""
        return asked(self.member, self.cleaned_data["asks"], clock.local_date(self.at))

    def clean_came_at(self) -> datetime | None:
        """A paper number's time is a moment of today that has already been."""
        came_at: time | None = self.cleaned_data["came_at"]
        if came_at is None:
            return None
        moment = clock.local(self.at).replace(hour=came_at.hour, minute=came_at.minute, second=0, microsecond=0)
        if moment > self.at:
            raise forms.ValidationError(_("That time is still to come. Write when the visitor came."))
        return moment

    def clean(self) -> dict[str, Any]:
        """A name that nobody was chosen for is not a person; an employer's visit names the employer."""
        data = super().clean() or {}
        if data.get("client_name") and not data.get("client"):
            self.add_error(
                "client_name", _("Choose the person from the list. If nobody is found, log the visit without a name.")
            )
        if data.get("party") == Party.EMPLOYER and not (data.get("employer") or data.get("employer_name")):
            self.add_error("employer_name", _("Write the employer's name."))
        return data

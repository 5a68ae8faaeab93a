"""The door's two forms: one press, and what can be added to it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from employers.models import Employer
from team.access import Member
from team.models import Membership, Party, Profession, Term, Topic
from tyoparkki import clock
from tyoparkki.forms import BaseForm
from tyoparkki.models import Language


class ArrivalForm(BaseForm):
    """One press of a topic; all the rest has a default."""

    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"))
    party = forms.ChoiceField(choices=Party.choices, required=False, label=_("Who came"))
    language = forms.CharField(max_length=3, required=False, label=_("Language"))
    other_language = forms.CharField(max_length=3, required=False, label=_("Other language"))
    party_size = forms.IntegerField(min_value=1, max_value=99, required=False, label=_("How many"))
    employer = forms.ModelChoiceField(Employer.objects.none(), required=False, label=_("Employer"))
    employer_name = forms.CharField(max_length=120, required=False, strip=True, label=_("Employer"))
    client = forms.UUIDField(required=False)
    came_at = forms.TimeField(required=False, label=_("Came at"))
    outside_hours = forms.BooleanField(required=False)

    def __init__(self, data: Any, *, member: Member) -> None:
        super().__init__(data)
        self.fields["topic"].queryset = Topic.objects.at(member.point_id)  # type: ignore[attr-defined]
        self.fields["employer"].queryset = Employer.objects.filter(point_id=member.point_id)  # type: ignore[attr-defined]

    def clean_other_language(self) -> str:
        """Finnish unless another known language was chosen; the result is the visit's language."""
        code = self.cleaned_data.get("language") or self.cleaned_data["other_language"] or "fi"
        if code not in ("fi", "sv", "en") and not Language.objects.filter(code=code).exists():
            raise forms.ValidationError(_("Choose the language from the list."))
        return str(code)

    def clean_party(self) -> str:
        """A client unless said otherwise."""
        return self.cleaned_data["party"] or Party.CLIENT.value


class DetailsForm(BaseForm):
    """What the desk may add in place; every field can stay as it is."""

    language = forms.ChoiceField(label=_("Language of service"))
    needs_interpreter = forms.BooleanField(required=False, label=_("An interpreter is needed"))
    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"))
    second_topics = forms.ModelMultipleChoiceField(
        Topic.objects.none(), required=False, label=_("Other topics"), widget=forms.CheckboxSelectMultiple
    )
    situation = forms.ModelChoiceField(Term.objects.none(), required=False, label=_("Situation"))
    age_band = forms.ModelChoiceField(Term.objects.none(), required=False, label=_("Age"))
    asks_for = forms.ModelChoiceField(Membership.objects.none(), required=False, label=_("Asks for a colleague"))
    asks_for_profession = forms.ModelChoiceField(
        Profession.objects.none(), required=False, label=_("Asks for a profession")
    )
    party_size = forms.IntegerField(min_value=1, max_value=99, label=_("How many people"))
    called_name = forms.CharField(
        max_length=40,
        required=False,
        label=_("What to call the visitor"),
        help_text=_("A first name or an alias, only if the visitor wants. Goes away at the end of the day."),
    )
    note = forms.CharField(
        max_length=200,
        required=False,
        label=_("Note for today"),
        help_text=_("The team sees it. Goes away at the end of the day. No health details."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, member: Member, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        point = member.point_id
        fields: dict[str, Any] = self.fields
        fields["language"].choices = [
            (language.code, str(language)) for language in Language.objects.order_by("desk_order", "code")
        ]
        fields["topic"].queryset = fields["second_topics"].queryset = Topic.objects.at(point)
        fields["situation"].queryset = Term.objects.at(point, Term.Kind.SITUATION)
        fields["age_band"].queryset = Term.objects.at(point, Term.Kind.AGE_BAND)
        fields["asks_for"].queryset = colleagues
        fields["asks_for"].label_from_instance = lambda row: row.user.name
        fields["asks_for_profession"].queryset = Profession.objects.filter(is_active=True).order_by("position", "pk")
        for name in ("situation", "age_band"):
            fields[name].empty_label = _("Not asked yet")
        for name in ("asks_for", "asks_for_profession"):
            fields[name].empty_label = _("Anybody")

    def clean(self) -> dict[str, Any]:
        """A colleague or a profession, not both."""
        data = super().clean() or {}
        if data.get("asks_for") and data.get("asks_for_profession"):
            self.add_error("asks_for_profession", _("Choose either a colleague or a profession."))
        return data


def moment_of(came_at: Any) -> Any:
    """The moment of a paper number: today at the time that was written on it."""
    now = clock.local(clock.now())
    return now.replace(hour=came_at.hour, minute=came_at.minute, second=0, microsecond=0)

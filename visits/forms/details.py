"""What the desk may add to a visit in place; every field can stay as it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from employers.models import Employer
from team.access import Member
from team.models import Party, Term, Topic
from tyoparkki.forms import BaseForm
from visits.choices import QUICK_LANGUAGES, other_languages
from visits.forms.asking import AsksField, asked, choice_of
from visits.models import Visit, VisitTopic


class DetailsForm(BaseForm):
    """Language, topics, situation, age, whom the visitor asks for, a name for the day and a line for colleagues."""

    language = forms.ChoiceField(label=_("Language of service"))
    needs_interpreter = forms.BooleanField(required=False, label=_("An interpreter is needed"))
    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"), empty_label=None)
    second_topics = forms.ModelMultipleChoiceField(
        Topic.objects.none(), required=False, label=_("Other topics"), widget=forms.CheckboxSelectMultiple
    )
    situation = forms.ModelChoiceField(
        Term.objects.none(), required=False, label=_("Situation"), widget=forms.RadioSelect
    )
    age_band = forms.ModelChoiceField(Term.objects.none(), required=False, label=_("Age"), widget=forms.RadioSelect)
    asks = AsksField()
    party_size = forms.IntegerField(min_value=1, max_value=99, label=_("How many people"))
    employer = forms.ModelChoiceField(
        Employer.objects.none(), required=False, label=_("Employer"), widget=forms.HiddenInput
    )
    employer_name = forms.CharField(max_length=120, required=False, strip=True, label=_("Employer"))
    called_name = forms.CharField(
        max_length=40,
        required=False,
        label=_("What to call the visitor"),
        help_text=_("A first name or an alias, if the visitor wants."),
    )
    note = forms.CharField(
        max_length=200,
        required=False,
        label=_("Note for today"),
        help_text=_("The team sees it. Goes away at the end of the day. No health details."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any, *, visit: Visit, member: Member) -> None:
        super().__init__(data, initial=_initial(visit) if data is None else None)
        self.visit, self.member = visit, member
        fields: dict[str, Any] = self.fields
        fields["language"].choices = [*QUICK_LANGUAGES, *other_languages()]
        topics = Topic.objects.at(member.point_id)
        fields["topic"].queryset = topics.for_party(visit.party if visit.party == Party.EMPLOYER else Party.CLIENT)
        fields["second_topics"].queryset = topics.for_party(Party.CLIENT).exclude(pk=visit.topic_id)
        fields["situation"].queryset = Term.objects.at(member.point_id, Term.Kind.SITUATION)
        fields["age_band"].queryset = Term.objects.at(member.point_id, Term.Kind.AGE_BAND)
        fields["situation"].empty_label = fields["age_band"].empty_label = _("not asked yet")
        fields["employer"].queryset = Employer.objects.filter(point_id=member.point_id)

    def clean_asks(self) -> Any:
        """The colleague and the profession asked for."""
        return asked(self.member, self.cleaned_data["asks"])


def _initial(visit: Visit) -> dict[str, Any]:
    note = getattr(visit, "note", None)
    seconds = VisitTopic.objects.filter(visit=visit, source=VisitTopic.Source.ASKED)
    return {
        "language": visit.language,
        "needs_interpreter": visit.needs_interpreter,
        "topic": visit.topic_id,
        "second_topics": list(seconds.values_list("topic_id", flat=True)),
        "situation": visit.situation_id,
        "age_band": visit.age_band_id,
        "asks": choice_of(visit),
        "party_size": visit.party_size,
        "employer": visit.employer_id,
        "employer_name": visit.employer.name if visit.employer else "",
        "called_name": note.called_name if note else "",
        "note": note.text if note else "",
    }

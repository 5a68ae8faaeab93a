"""What the desk may add to a visit in place; every field can stay as it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from employers.models import Employer
from team.access import Member
from team.models import Party, Term, Topic
from tyoparkki import clock
from tyoparkki.forms import BaseForm
from visits.actions.guidance import mark
from visits.choices import QUICK_LANGUAGES, other_languages
from visits.forms.asking import AsksField, asked, choice_of
from visits.models import Visit, VisitEvent, VisitTopic


class DetailsForm(BaseForm):
    """Language, topics, situation, age, source, who is asked for, a name for the day and a line for colleagues."""

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
    source = forms.ModelChoiceField(Term.objects.none(), required=False, label=_("How the visitor heard of us"))
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
        self.now = _now(visit)
        starts = {name: _plain(value) for name, value in self.now.items()} | {"asks": choice_of(visit)}
        super().__init__(data, initial=starts if data is None else None)
        self.visit, self.member = visit, member
        fields: dict[str, Any] = self.fields
        fields["language"].choices = [*QUICK_LANGUAGES, *other_languages()]
        topics = Topic.objects.at(member.point_id)
        fields["topic"].queryset = topics.for_party(visit.party if visit.party == Party.EMPLOYER else Party.CLIENT)
        fields["second_topics"].queryset = topics.for_party(Party.CLIENT).exclude(pk=visit.topic_id)
        fields["situation"].queryset = Term.objects.at(member.point_id, Term.Kind.SITUATION)
        fields["age_band"].queryset = Term.objects.at(member.point_id, Term.Kind.AGE_BAND)
        fields["source"].queryset = Term.objects.at(member.point_id, Term.Kind.SOURCE)
        fields["source"].empty_label = _("not asked yet")
        fields["situation"].empty_label = fields["age_band"].empty_label = _("not asked yet")
        fields["employer"].queryset = Employer.objects.filter(point_id=member.point_id)

    def clean_asks(self) -> Any:
        """The colleague and the profession asked for."""
        return asked(self.member, self.cleaned_data["asks"], self.visit.day.on)

    @property
    def seen(self) -> str:
        """The marks of the details as this form shows them, by which a later save knows who changed what."""
        return " ".join(f"{name}:{_mark(value)}" for name, value in self.now.items())

    def clean(self) -> dict[str, Any]:
        """What a colleague changed meanwhile stays; what both changed is asked, never overwritten in silence."""
        data = super().clean() or {}
        seen = dict(part.split(":", 1) for part in self.data.get("seen", "").split() if ":" in part)
        for name, theirs in self.now.items():
            if name not in data or seen.get(name, _mark(theirs)) == _mark(theirs) or _mark(data[name]) == _mark(theirs):
                continue
            if _mark(data[name]) == seen[name]:
                data[name] = theirs
            else:
                self.add_error(name, self._changed_by_somebody(theirs))
        return data

    def _changed_by_somebody(self, theirs: Any) -> str:
        events = VisitEvent.objects.filter(visit=self.visit, by__isnull=False).exclude(by=self.member.membership)
        last = events.select_related("by__user").order_by("-id").first()
        if last is None:
            return _("Changed meanwhile, now: %(value)s. Save again to keep your own.") % {"value": _said(theirs)}
        return _("%(name)s changed this at %(time)s, now: %(value)s. Save again to keep your own.") % {
            "name": last.by.user.first_name,  # type: ignore[union-attr]  # filtered
            "time": clock.local(last.at).strftime("%-H.%M"),
            "value": _said(theirs),
        }


def _now(visit: Visit) -> dict[str, Any]:
    """The visit's details as they stand, as the form's cleaned values are."""
    note = getattr(visit, "note", None)
    seconds = VisitTopic.objects.filter(visit=visit, source=VisitTopic.Source.ASKED).select_related("topic")
    return {
        "language": visit.language,
        "needs_interpreter": visit.needs_interpreter,
        "topic": visit.topic,
        "second_topics": [row.topic for row in seconds.order_by("pk")],
        "situation": visit.situation,
        "age_band": visit.age_band,
        "source": visit.source,
        "asks": (visit.asks_for, visit.asks_for_profession),
        "party_size": visit.party_size,
        "employer": visit.employer,
        "employer_name": visit.employer.name if visit.employer else "",
        "called_name": note.called_name if note else "",
        "note": note.text if note else "",
    }


def _plain(value: Any) -> Any:
    """What a field of the form starts from: keys instead of rows."""
    if isinstance(value, list):
        return [row.pk for row in value]
    return getattr(value, "pk", value)


def _mark(value: Any) -> str:
    """A fingerprint of a detail, the same for the form's value and for the visit's."""
    if not isinstance(value, str | int | Model | None):
        return mark(sorted(str(_plain(one)) for one in value if one is not None))
    return mark(str(_plain(value) if value is not None else "").replace("\r\n", "\n"))


def _said(value: Any) -> str:
    """A detail in words."""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if not isinstance(value, str | int | Model | None):
        return ", ".join(str(getattr(one, "user", one)) for one in value if one is not None) or "–"
    return str(value or "–")

"""Service points, organisations and the words of the house."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.html import format_html
from django.utils.translation import get_language_info, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from team import service_classes
from team.actions.organisation import OrganisationFacts
from team.actions.point import FIRST_DESKS, PointFacts
from team.actions.vocabulary import LAST, TopicFacts, Word
from team.models import BOARD_LANGUAGES, FIRST_LETTERS, Desk, Organisation, Party, Profession, ServicePoint, Topic
from tyoparkki.forms import BusinessIdField, EditForm
from tyoparkki.models import Language, Municipality
from tyoparkki.names import name_key
from tyoparkki.templatetags.tp import icon
from tyoparkki.texts import pick

TEXT_LANGUAGES = [code for code, _name in settings.LANGUAGES]


class NamesForm(EditForm):
    """A name in the languages of the pages; the Finnish one is needed."""

    name_fi = forms.CharField(
        label=_("Name in Finnish"), max_length=80, error_messages={"required": _("Write the name in Finnish.")}
    )
    name_sv = forms.CharField(label=_("Name in Swedish"), max_length=80, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)

    def names(self) -> dict[str, str]:
        """The name by language, without the languages in which there is none."""
        written = {code: " ".join(self.cleaned_data[f"name_{code}"].split()) for code in TEXT_LANGUAGES}
        return {code: name for code, name in written.items() if name}

    @staticmethod
    def initial_names(names: dict[str, str]) -> dict[str, str]:
        """The fields as the name stands now."""
        return {f"name_{code}": names.get(code, "") for code in TEXT_LANGUAGES}


class WordForm(NamesForm):
    """A word, and whether it is offered."""

    is_active = forms.BooleanField(
        label=_("In use"),
        required=False,
        initial=True,
        help_text=_("A word that is not in use is no longer offered; it stays where it has been chosen."),
    )

    def word(self) -> Word:
        """The word as the action takes it."""
        data = self.cleaned_data
        return Word(self.names(), place=data.get("place") or LAST, is_active=data["is_active"])

    @classmethod
    def initial_of(cls, row: Any) -> dict[str, Any]:
        """The form as the word stands now."""
        found = {**cls.initial_names(row.names), "is_active": row.is_active}
        return {**found, "place": row.position} if hasattr(row, "position") else found


class PlacedWordForm(WordForm):
    """A word with its place among others."""

    place = forms.IntegerField(
        label=pgettext_lazy("in a list", "Place"),
        required=False,
        min_value=1,
        max_value=99,
        help_text=_("1 is the first. Empty: the last."),
        error_messages={"invalid": _("Write a number."), "min_value": _("1 is the first place.")},
    )
    field_order: Sequence[str] = ("name_fi", "name_sv", "name_en", "place", "is_active")


class TopicForm(PlacedWordForm):
    """Why a visitor comes, and who may take the visit."""

    key = forms.CharField(
        label=_("Key at the front desk"),
        max_length=1,
        required=False,
        validators=[RegexValidator(r"^\d$", _("Choose a digit from 0 to 9, or leave it empty."))],
        help_text=_("A digit that logs a visit with one press."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    icon = forms.ChoiceField(
        label=_("Drawing on the key"), required=False, widget=forms.RadioSelect, initial=Topic.Icon.BUBBLE
    )
    parties = forms.MultipleChoiceField(
        label=_("Who comes for it"),
        choices=Party.choices,
        initial=[Party.CLIENT.value],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
    professions = forms.ModelMultipleChoiceField(
        label=_("Professions that take it"),
        queryset=Profession.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: everybody who advises."),
    )
    service_classes = forms.MultipleChoiceField(
        label=_("Services that are suggested for it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Classes of the national catalogue under which there are services."),
    )
    guidance_minutes = forms.IntegerField(
        label=_("Guidance takes, minutes"),
        min_value=1,
        max_value=240,
        initial=20,
        help_text=_("The waiting estimate is counted from this until there are enough visits."),
        error_messages={"required": _("Write the minutes.")},
    )
    field_order = (
        "name_fi", "name_sv", "name_en", "key", "place", "guidance_minutes", "icon", "parties", "professions",
        "service_classes", "is_active",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trades = Profession.objects.filter(is_active=True).order_by("position", "pk")
        drawn = [(code, format_html("{} {}", icon(code), label)) for code, label in Topic.Icon.choices]
        self.offer_rows("professions", trades)
        self.offer("icon", drawn)
        self.offer("service_classes", service_classes.choices(self.initial.get("service_classes", ())))

    def facts(self) -> TopicFacts:
        """The rest of the topic as the action takes it."""
        data = self.cleaned_data
        return TopicFacts(
            key=data["key"],
            icon=data["icon"],
            parties=data["parties"],
            professions=list(data["professions"]),
            service_classes=data["service_classes"],
            guidance_minutes=data["guidance_minutes"],
        )

    @classmethod
    def initial_of(cls, row: Topic) -> dict[str, Any]:
        """The form as the topic stands now."""
        return {
            **super().initial_of(row),
            "key": row.key,
            "icon": row.icon or Topic.Icon.BUBBLE,
            "parties": row.parties,
            "service_classes": row.service_classes,
            "professions": list(row.professions.values_list("pk", flat=True).order_by("pk")),
            "guidance_minutes": row.guidance_minutes,
        }


class LetterField(forms.CharField):
    """The letter before the number of one kind of visitor; left empty, it is the product's own."""

    def __init__(self, **kwargs: Any) -> None:
        signs = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})
        super().__init__(max_length=1, required=False, widget=signs, **kwargs)

    def clean(self, value: Any) -> str:
        """One letter that every board and every voice can say."""
        letter = str(super().clean(value)).upper() or str(self.initial)
        if not re.fullmatch(r"[A-Z]", letter):
            raise ValidationError(_("Choose one letter from A to Z."))
        return letter


def _municipalities() -> list[tuple[str, str]]:
    rows = [(row.code, pick(row.names)) for row in Municipality.objects.order_by("code")]
    return [("", str(_("Choose"))), *sorted(rows, key=lambda row: name_key(row[1]))]


class PointForm(NamesForm):
    """A service point: where it is, how to reach it, and the limits that its desk works by."""

    municipality = forms.ChoiceField(
        label=_("Municipality"), error_messages={"required": _("Choose the municipality.")}
    )
    street_address = forms.CharField(label=_("Street address"), max_length=80, required=False)
    postal_code = forms.CharField(
        label=_("Postal code"),
        max_length=5,
        required=False,
        validators=[RegexValidator(r"^\d{5}$", _("A postal code has five digits."))],
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    city = forms.CharField(label=_("Postal town"), max_length=40, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    web_page = forms.URLField(label=_("Web page"), required=False, assume_scheme="https")
    desks = forms.IntegerField(
        label=_("Number of desks"),
        min_value=1,
        max_value=99,
        initial=FIRST_DESKS,
        error_messages={"required": _("Write the number of desks.")},
    )
    wait_target_minutes = forms.IntegerField(
        label=_("Wait target, min"),
        min_value=1,
        max_value=240,
        initial=15,
        help_text=_("Most visitors are called sooner than this."),
    )
    wait_alarm_minutes = forms.IntegerField(
        label=_("Alarm, min"),
        min_value=1,
        max_value=240,
        initial=20,
        help_text=_("The front desk is told when somebody has waited longer."),
    )
    calls_before_no_show = forms.IntegerField(
        label=_("Calls"),
        min_value=1,
        max_value=9,
        initial=2,
        help_text=_("After these one may say “did not come”."),
    )
    letter_client = LetterField(label=_("Letter: clients"), initial=FIRST_LETTERS["client"])
    letter_employer = LetterField(label=_("Letter: employers"), initial=FIRST_LETTERS["employer"])
    letter_group = LetterField(label=_("Letter: groups"), initial=FIRST_LETTERS["group"])
    letter_other = LetterField(label=_("Letter: others"), initial=FIRST_LETTERS["other"])
    board_languages = forms.MultipleChoiceField(
        label=_("Languages of the board"),
        widget=forms.CheckboxSelectMultiple,
        initial=["fi", "sv", "en"],
        error_messages={"required": _("Choose at least one.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {row.code: pick(row.names) for row in Language.objects.filter(code__in=BOARD_LANGUAGES)}
        self.offer("municipality", _municipalities())
        self.offer(
            "board_languages",
            [(code, names.get(code) or get_language_info(code)["name_translated"]) for code in BOARD_LANGUAGES],
        )

    def clean(self) -> dict[str, Any]:
        """The alarm is no earlier than the target."""
        data = super().clean() or self.cleaned_data
        target, alarm = data.get("wait_target_minutes"), data.get("wait_alarm_minutes")
        if target and alarm and alarm < target:
            self.add_error("wait_alarm_minutes", _("The desk is told no earlier than at the target."))
        return data

    def facts(self) -> PointFacts:
        """The point as the action takes it."""
        data = self.cleaned_data
        plain = ("street_address", "postal_code", "city", "phone", "email", "web_page", "wait_target_minutes",
                 "wait_alarm_minutes", "calls_before_no_show", "board_languages")  # fmt: skip
        return PointFacts(
            names=self.names(),
            municipality=Municipality.objects.get(pk=data["municipality"]),
            letters={party: data[f"letter_{party}"] for party in Party.values},
            **{name: data[name] for name in plain},
        )

    @classmethod
    def initial_of(cls, row: ServicePoint) -> dict[str, Any]:
        """The form as the point stands now."""
        fields = [name for name in cls.base_fields if hasattr(row, name) and name not in {"desks", "municipality"}]
        return {
            **{name: getattr(row, name) for name in fields},
            **cls.initial_names(row.names),
            **{f"letter_{party}": letter for party, letter in row.letters.items()},
            "municipality": row.municipality_id,
            "desks": Desk.objects.filter(point=row, is_active=True).count(),
        }


class NewPointForm(PointForm):
    """A new service point also has an organisation that keeps it."""

    organisation = forms.ModelChoiceField(
        label=_("The organisation that keeps it"),
        queryset=Organisation.objects.none(),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the organisation.")},
    )
    field_order = ("name_fi", "name_sv", "name_en", "organisation", "municipality")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        houses = Organisation.objects.filter(is_active=True).order_by("short_name", "pk")
        self.offer_rows("organisation", houses)


class OrganisationForm(NamesForm):
    """An organisation that takes part."""

    short_name = forms.CharField(
        label=_("Short name"), max_length=40, required=False, help_text=_("For narrow places. Empty: the Finnish name.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Organisation.Kind.choices, initial=Organisation.Kind.ASSOCIATION)
    business_id = BusinessIdField()
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    web_page = forms.URLField(label=_("Web page"), required=False, assume_scheme="https")
    is_active = forms.BooleanField(label=_("Takes part"), required=False, initial=True)

    def facts(self) -> OrganisationFacts:
        """The organisation as the action takes it."""
        data = self.cleaned_data
        plain = ("kind", "short_name", "business_id", "phone", "email", "web_page", "is_active")
        return OrganisationFacts(names=self.names(), **{name: data[name] for name in plain})

    @classmethod
    def initial_of(cls, row: Organisation) -> dict[str, Any]:
        """The form as the organisation stands now."""
        plain = {name: getattr(row, name) for name in cls.base_fields if hasattr(row, name)}
        return {**plain, **cls.initial_names(row.names)}

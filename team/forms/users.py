"""A user, a membership, one's own settings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from team.actions.user import Profile
from team.models import Membership, Organisation, Profession, Role, Skill, User
from team.permissions import ROLES, Perm
from tyoparkki.forms import BaseForm, EditForm
from tyoparkki.models import Language
from tyoparkki.names import name_key
from tyoparkki.texts import pick

_TAKE_OVER = [role for role, permissions in ROLES.items() if {Perm.GUIDE, Perm.EDIT_CLIENTS} <= permissions]


def _languages() -> list[tuple[str, str]]:
    rows = Language.objects.only("code", "names", "desk_order").filter(desk_order__isnull=False).order_by("desk_order")
    return [(row.code, pick(row.names)) for row in rows] or [(code, str(name)) for code, name in settings.LANGUAGES]


class ProfileForm(EditForm):
    """What colleagues know of a person."""

    name = forms.CharField(
        label=_("First and last name"), max_length=80, error_messages={"required": _("Write the name.")}
    )
    email = forms.EmailField(
        label=_("E-mail at work"),
        required=False,
        error_messages={"invalid": _("Write the e-mail address in full, for example aino@tyo.example.")},
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages in which the person advises"), required=False, widget=forms.CheckboxSelectMultiple
    )
    professions = forms.ModelMultipleChoiceField(
        label=_("Professions"),
        queryset=Profession.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    skills = forms.ModelMultipleChoiceField(
        label=_("Can be asked about"),
        queryset=Skill.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trades = Profession.objects.filter(is_active=True).order_by("position", "pk")
        self.offer("languages", _languages())
        self.offer_rows("professions", trades)
        self.offer_rows("skills", Skill.objects.filter(is_active=True).order_by("code"))

    def profile(self) -> Profile:
        """As the actions take it."""
        data = self.cleaned_data
        return Profile(
            name=" ".join(data["name"].split()),
            email=data["email"],
            languages=data["languages"] or ["fi"],
            professions=list(data["professions"]),
            skills=list(data["skills"]),
        )

    @classmethod
    def initial_of(cls, row: User) -> dict[str, Any]:
        """The form as the user stands now."""
        return {
            "name": row.name,
            "email": row.email,
            "languages": row.languages,
            "professions": list(row.professions.values_list("pk", flat=True).order_by("pk")),
            "skills": list(row.skills.values_list("pk", flat=True).order_by("pk")),
        }


class MembershipForm(BaseForm):
    """For which organisation, in which role, until when."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the organisation.")},
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.ADVISOR)
    title = forms.CharField(label=_("Title"), max_length=60, required=False)
    valid_until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until further notice."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        houses = Organisation.objects.filter(is_active=True).order_by("short_name", "pk")
        self.offer_rows("organisation", houses)

    def clean_valid_until(self) -> date | None:
        """Today or later."""
        until: date | None = self.cleaned_data["valid_until"]
        if until is not None and until < self.today:
            raise ValidationError(_("Choose today or a later day."))
        return until


class NewUserForm(MembershipForm, ProfileForm):
    """A new colleague with the first membership."""

    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        validators=[
            RegexValidator(r"^[\w.\-@+]+$", _("Use letters, digits and the signs . - _ @ + only, without spaces."))
        ],
        error_messages={"required": _("Write the user name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    field_order = (
        "name",
        "username",
        "organisation",
        "role",
        "title",
        "valid_until",
        "email",
        "languages",
        "professions",
        "skills",
    )


class HandOnForm(BaseForm):
    """To whom moves what a leaving colleague holds: those of the point who guide and may record people."""

    to = forms.ChoiceField(label=_("To whom do they move"), required=False)

    def __init__(self, *args: Any, leaving: Iterable[Membership], point_id: UUID, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Membership.objects.at_point(point_id).valid_on(today).in_roles(_TAKE_OVER)
        rows = rows.exclude(pk__in=[one.pk for one in leaving]).select_related("user", "organisation")
        self.receivers = {str(one.pk): one for one in sorted(rows, key=lambda one: name_key(one.user.name))}
        told = [(key, f"{one.user.name}, {one.organisation.name}") for key, one in self.receivers.items()]
        self.offer("to", [("", str(_("Choose"))), *told])

    @property
    def receiver(self) -> Membership | None:
        """Who was chosen, if anybody."""
        return self.receivers.get(self.cleaned_data.get("to", "")) if self.is_valid() else None


class OwnSettingsForm(BaseForm):
    """One's own language and keys."""

    language = forms.ChoiceField(label=_("Language of the pages"), choices=settings.LANGUAGES)
    single_keys = forms.BooleanField(
        label=_("Single-letter keys"),
        required=False,
        help_text=_("Switch off when you use speech control or when letters do something by accident."),
    )


class ActAsForm(BaseForm):
    """As which membership one acts."""

    membership = forms.ModelChoiceField(label=_("Act as"), queryset=Membership.objects.none())

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Membership.objects.valid_on(today).of_user(user)
        self.offer_rows("membership", mine)

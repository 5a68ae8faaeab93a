"""Forms of the advisor's screen: texts with the marks they started from, steps, referrals, invitations, the end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.forms.referral import RecipientForm
from services.models import Service
from team.access import Member
from team.models import Membership, Organisation, Profession, Term
from tyoparkki.forms import BaseForm
from visits.actions.guidance import TEXTS, NobodyNamed, mark
from visits.choices import guides_on_shift
from visits.models import AgreedStep, Draft, Guidance, Invitation, Visit
from visits.visit_page import VisitPage

MINE, THEIRS, BOTH = "mine", "theirs", "both"
# What the visitor said to a colleague of another organisation.
AGREED = [("", ""), ("1", ""), ("0", "")]
STEP_FIELDS = ("what", "who", "partner", "due_on", "benefit")
REFER_FIELDS = ("reason", "visitor_contacts", "recipient_email", "recipient_phone", "language")


def _text(name: str, label: object) -> forms.CharField:
    field: Any = Guidance._meta.get_field(name)
    length = field.max_length
    return forms.CharField(max_length=length, required=False, strip=False, label=label)  # type: ignore[arg-type]  # lazy


class TextForm(BaseForm):
    """The texts of the record as typed, with the marks of what the page showed when typing began."""

    notes = _text("notes", _("Guidance"))
    works = _text("works", _("What works already"))
    wish = _text("wish", _("What the visitor wishes for"))
    next_step = _text("next_step", _("A small next step"))
    helpers = _text("helpers", _("Who helps"))
    choice = forms.CharField(required=False, max_length=8)

    def clean(self) -> dict[str, Any]:
        """One kind of line ends, so that equal texts have equal marks."""
        data = super().clean() or {}
        return {name: value.replace("\r\n", "\n") if isinstance(value, str) else value for name, value in data.items()}

    @property
    def posted(self) -> list[str]:
        """The texts that were sent: a field that was not on the page stays as it is."""
        return [name for name in TEXTS if name in self.data]

    def typed(self) -> dict[str, str]:
        """What was sent, valid or not, for showing it again."""
        return {name: str(self.data.get(name, "")).replace("\r\n", "\n") for name in TEXTS}

    def shown(self) -> dict[str, str]:
        """The marks that the page carried."""
        return {name: self.data[f"shown_{name}"] for name in TEXTS if f"shown_{name}" in self.data}

    def settled(self, now: Guidance) -> tuple[dict[str, object], dict[str, str]]:
        """The texts and marks to save, after the choice between two texts if there was one to make."""
        texts: dict[str, object] = {name: self.cleaned_data[name] for name in self.posted}
        shown, choice = self.shown(), self.cleaned_data["choice"]
        for name in self.data.getlist("torn") if hasattr(self.data, "getlist") else []:
            seen = self.data.get(f"now_{name}", "")
            if name not in texts or choice not in {MINE, THEIRS, BOTH}:
                continue
            shown[name] = seen
            if choice == THEIRS:
                del texts[name]
            elif choice == BOTH:
                shown[name] = mark(getattr(now, name))
                texts[name] = "\n\n".join(str(part) for part in (getattr(now, name), texts[name]) if part)
        return texts, shown

    def too_long(self, texts: dict[str, object]) -> str:
        """The field whose combined text does not fit, or nothing."""
        fields: dict[str, Any] = self.fields
        long = [name for name, text in texts.items() if len(str(text or "")) > fields[name].max_length]
        return long[0] if long else ""


class StepForm(BaseForm):
    """One agreed step: a verb, who does it, by when, what for. Only the first is needed, and a partner's name."""

    what = forms.CharField(max_length=160, strip=True, label=_("What is done"))
    who = forms.CharField(max_length=36, required=False, label=_("Who does it"))
    partner = forms.CharField(max_length=160, required=False, strip=True, label=_("Which partner"))
    due_on = forms.DateField(required=False, label=_("By when"))
    benefit = forms.CharField(max_length=160, required=False, strip=True, label=_("What it is good for"))

    def __init__(self, data: Any, *, page: VisitPage) -> None:
        super().__init__(data)
        self.page = page
        fields: dict[str, Any] = self.fields
        fields["what"].error_messages["required"] = _("Write what is done, starting with a verb.")

    def clean(self) -> dict[str, Any]:
        """A partner has a name."""
        data = super().clean() or {}
        if data.get("who") == AgreedStep.Who.PARTNER and not data.get("partner") and "partner" not in self.errors:
            self.add_error("partner", str(NobodyNamed.message))
        return data

    def typed(self) -> dict[str, str]:
        """What was typed, for showing it again."""
        return {name: str(self.data.get(name, "")) for name in STEP_FIELDS}

    def first_error(self) -> str:
        """The first thing to mend, in words."""
        return str(next(iter(self.errors.values()))[0])

    def wrong_field(self) -> str:
        """Where it is."""
        return next(iter(self.errors))

    def agreed(self) -> dict[str, Any]:
        """What the action needs: who it is by kind, and the colleague where it is one of those in the visit."""
        chosen = self.cleaned_data["who"] or AgreedStep.Who.VISITOR
        here = next((one for one in self.page.companions if str(one.membership) == chosen), None)
        membership = Membership.objects.get(pk=here.membership) if here else None
        who = AgreedStep.Who.ADVISOR if here else chosen if chosen in AgreedStep.Who.values else AgreedStep.Who.VISITOR
        if membership and membership.organisation_id != self.page.member.organisation_id:
            who = AgreedStep.Who.PARTNER
        return {
            "what": self.cleaned_data["what"],
            "who": who,
            "membership": membership,
            "partner": self.cleaned_data["partner"],
            "due_on": self.cleaned_data["due_on"],
            "benefit": self.cleaned_data["benefit"],
        }


class NextStepForm(StepForm):
    """The small next step as the record has it, with a day: from then on it is agreed and stands on the slip."""

    def __init__(self, data: Any, *, page: VisitPage) -> None:
        typed = {"what": data.get("next_step", ""), "who": AgreedStep.Who.VISITOR, "due_on": data.get("next_due", "")}
        super().__init__(typed, page=page)
        fields: dict[str, Any] = self.fields
        fields["due_on"].required = True
        fields["due_on"].error_messages["required"] = _("Tell by which day the step is taken.")
        fields["what"].error_messages["required"] = _("Write the small next step first.")
        fields["what"].error_messages["max_length"] = _("Shorten the step to one sentence: it stands on the slip.")


READY_MADE = {"who", "language"}


class DraftForm(BaseForm):
    """A step or a referral half typed: any of it may be missing, nothing is judged yet."""

    what = forms.CharField(max_length=160, required=False, strip=False)
    who = forms.CharField(max_length=36, required=False)
    partner = forms.CharField(max_length=160, required=False, strip=False)
    due_on = forms.CharField(max_length=10, required=False)
    benefit = forms.CharField(max_length=160, required=False, strip=False)
    reason = forms.CharField(max_length=300, required=False, strip=False)
    visitor_contacts = forms.CharField(max_length=1, required=False)
    recipient_email = forms.CharField(max_length=254, required=False)
    recipient_phone = forms.CharField(max_length=25, required=False)
    language = forms.CharField(max_length=2, required=False)

    def kept(self, kind: str) -> dict[str, str]:
        """What is worth keeping: nothing as long as only ready-made choices stand in the form."""
        names = STEP_FIELDS if kind == Draft.Kind.STEP else REFER_FIELDS
        typed = {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}
        return typed if any(value.strip() for name, value in typed.items() if name not in READY_MADE) else {}


class SituationForm(BaseForm):
    """One press: a situation, an age band, from whom of us, advice on money, a language, an interpreter."""

    situation = forms.ModelChoiceField(Term.objects.none(), required=False)
    age_band = forms.ModelChoiceField(Term.objects.none(), required=False)
    source = forms.ModelChoiceField(Term.objects.none(), required=False)
    money_advice = forms.ChoiceField(choices=[("none", ""), *Visit.MoneyAdvice.choices], required=False)
    language = forms.ChoiceField(required=False)
    interpreter = forms.ChoiceField(choices=[("0", ""), ("1", "")], required=False)

    def __init__(self, data: Any, *, page: VisitPage) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        point = page.visit.point_id
        fields["situation"].queryset = Term.objects.at(point, Term.Kind.SITUATION)
        fields["age_band"].queryset = Term.objects.at(point, Term.Kind.AGE_BAND)
        fields["source"].queryset = Term.objects.at(point, Term.Kind.SOURCE)
        fields["language"].choices = [(row["code"], row["name"]) for row in page.languages]

    def told(self) -> dict[str, Any]:
        """What was pressed, as the action takes it."""
        data = self.cleaned_data
        return {
            "situation": data["situation"],
            "age_band": data["age_band"],
            "source": data["source"],
            "money_advice": {"": None, "none": ""}.get(data["money_advice"], data["money_advice"]),
            "language": data["language"] or None,
            "needs_interpreter": data["interpreter"] == "1" if data["interpreter"] else None,
        }


class InviteForm(BaseForm):
    """Who is asked into the visit, how, and whether the visitor agreed."""

    colleague = forms.ModelChoiceField(Membership.objects.none())
    mode = forms.ChoiceField(choices=Invitation.Mode.choices, required=False)
    agreed = forms.ChoiceField(choices=AGREED, required=False)

    def __init__(self, data: Any, *, page: VisitPage) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        on_shift = guides_on_shift(page.visit.day, page.at).select_related("user", "organisation")
        fields["colleague"].queryset = on_shift


class HandOverForm(BaseForm):
    """To a colleague or to a profession, and whether the visitor agreed."""

    colleague = forms.ModelChoiceField(Membership.objects.none(), required=False)
    profession = forms.ModelChoiceField(Profession.objects.none(), required=False)
    agreed = forms.ChoiceField(choices=AGREED, required=False)

    def __init__(self, data: Any, *, page: VisitPage) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["colleague"].queryset = guides_on_shift(page.visit.day, page.at)
        fields["profession"].queryset = Profession.objects.filter(is_active=True)


class ReferForm(RecipientForm):
    """To which service or organisation, perhaps why, who gets in touch, and where a link for answering goes."""

    service = forms.UUIDField(required=False)
    found = forms.UUIDField(required=False)
    # Pressed after the warning that the same kind of service was offered twice within a year.
    anyway = forms.UUIDField(required=False)
    reason = forms.CharField(max_length=300, required=False, strip=True, label=_("Why, in the visitor’s words"))
    visitor_contacts = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """A suggested service, or what the search found: a service or an organisation."""
        data = super().clean() or {}
        key = data.get("anyway") or data.get("service") or data.get("found")
        services = Service.objects.published().select_related("organisation")
        data["to_service"] = services.filter(pk=key).first() if key else None
        data["to_organisation"] = None
        if key and data["to_service"] is None:
            data["to_organisation"] = Organisation.objects.filter(is_active=True, pk=key).first()
        if data["to_service"] is None and data["to_organisation"] is None:
            raise forms.ValidationError(_("Choose a service from the list."))
        return data

    def shown_again(self) -> dict[str, Any]:
        """What was typed, for the same form on a whole page."""
        return {"refer_typed": {name: str(self.data.get(name, "")) for name in REFER_FIELDS}}

    def told(self) -> dict[str, Any]:
        """What the action needs."""
        data = self.cleaned_data
        return {
            "service": data["to_service"],
            "organisation": data["to_organisation"],
            "reason": data["reason"],
            "visitor_contacts": data["visitor_contacts"],
            "knowing": data["anyway"] is not None,
            **self.told_of_recipient(),
        }


class AsideForm(BaseForm):
    """Why a suggested service does not suit."""

    reason = forms.ModelChoiceField(Term.objects.none())

    def __init__(self, data: Any, *, member: Member) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["reason"].queryset = Term.objects.at(member.point_id, Term.Kind.ASIDE)


class ResultForm(BaseForm):
    """How the visit ended: the only thing that must be answered, unless the visitor goes on to a colleague."""

    result = forms.ModelChoiceField(Term.objects.none())

    def __init__(self, data: Any, *, member: Member, goes_on: bool = False) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["result"].required = not goes_on
        fields["result"].queryset = Term.objects.at(member.point_id, Term.Kind.RESULT)
        fields["result"].error_messages = dict.fromkeys(
            ("required", "invalid_choice"), _("Choose how the visit ended, then finish.")
        )

"""The name that a person gives to a security key."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn import forms
from django.utils.translation import gettext_lazy as _

NAME = _("Name of the key")


class AddKeyForm(forms.AddWebAuthnForm):  # type: ignore[misc]  # allauth carries no types
    """A key that is taken into use, with a word for whose it is: at home, at work."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = NAME


class EditKeyForm(forms.EditWebAuthnForm):  # type: ignore[misc]  # allauth carries no types
    """A key gets another name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = NAME

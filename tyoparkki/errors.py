"""Expected refusals: said to the user in a whole sentence, never a stack trace."""

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """An action that the rules do not allow now; the text is fit for the user."""

    message = _("This cannot be done now.")
    status = 409

    def __init__(self, message: object | None = None) -> None:
        super().__init__(message if message is not None else self.message)

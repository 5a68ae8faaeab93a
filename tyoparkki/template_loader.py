"""Reads the project's templates without the indentation that only their writers need: a part over the wire is small."""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders import filesystem

_INDENTATION = re.compile(r"\n[ \t]+")
# A line with nothing but turns of the template's own course shows nothing, and leaves no line.
_TURN = r"\{% (?:if|elif|else|endif|for|empty|endfor|with|endwith)\b[^\n%]*%\}|\{#[^\n]*?#\}"
_TURNS_ONLY = re.compile(rf"^(?:(?:{_TURN})[ \t]*)+\n", re.MULTILINE)


class Loader(filesystem.Loader):
    """The files of templates/; each line begins at its first sign. Breaks between words stay, so words stay apart."""

    def get_contents(self, origin: Origin) -> str:
        """The template's text."""
        text = _INDENTATION.sub("\n", super().get_contents(origin))
        return _TURNS_ONLY.sub(lambda found: found.group().rstrip(), text)

"""The translations: gathered from the source, filled from lists of texts, checked, compiled. Needs no gettext tools."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LANGUAGES = ("fi", "sv", "en")
APPS = ("tyoparkki", "team", "services", "clients", "employers", "visits", "feedback", "reports")
SOURCE_LANGUAGE = "en"
# The first word of each; a model says in `Retention` what its rows are kept for, which the register tells.
_ONE = {"_", "gettext", "gettext_lazy", "gettext_noop", "pgettext", "pgettext_lazy", "Retention"}
_MANY = {"ngettext", "ngettext_lazy", "npgettext", "npgettext_lazy"}
_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
_LITERAL = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_CALL = re.compile(rf"\b(gettext|ngettext|pgettext|npgettext|_)\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)", re.DOTALL)
_PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_BORN = datetime(2026, 11, 18, 8, tzinfo=UTC)

Ids = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """One text of the source that is to be translated."""

    ids: Ids
    context: str | None
    file: str


@dataclass(slots=True)
class Triple:
    """One text with its Finnish and Swedish: the English is the text itself."""

    ids: Ids
    texts: dict[str, Ids] = field(default_factory=dict)


def path_of(root: Path, language: str) -> Path:
    """Where the catalogue of a language lies."""
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def gather(root: Path) -> Catalog:
    """Every text of our own templates and modules, in a fixed order."""
    template = Catalog(charset="utf-8")
    for found in sorted([*_of_modules(root), *_of_templates(root)], key=lambda one: (str(one.ids), one.file)):
        template.add(found.ids, locations=[(found.file, 1)], context=found.context)
    return template


def _of_templates(root: Path) -> Iterator[Found]:
    for folder in ("templates", *(f"{app}/templates" for app in APPS)):
        for path in sorted((root / folder).rglob("*.html")):
            name = path.relative_to(root).as_posix()
            for ids, context in template_texts(path.read_text(encoding="utf-8"), name):
                yield Found(ids, context, name)


def template_texts(source: str, name: str = "") -> Iterator[tuple[Ids, str | None]]:
    """The texts of one template: Django itself turns its tags into calls, whose arguments are read here."""
    for call, arguments in _CALL.findall(templatize(source, origin=name)):
        words = [str(ast.literal_eval(literal)) for literal in re.findall(_LITERAL, arguments, re.DOTALL)]
        context = words.pop(0) if call.startswith(("pgettext", "npgettext")) else None
        yield (words[0], words[1]) if call.startswith("n") else words[0], context


def _of_modules(root: Path) -> Iterator[Found]:
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            if "/migrations/" not in name:
                for ids, context in module_texts(path.read_text(encoding="utf-8")):
                    yield Found(ids, context, name)


def module_texts(source: str) -> Iterator[tuple[Ids, str | None]]:
    """The texts of one module, wherever a call stands, inside other texts too."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        words = [word.value for word in call.args if isinstance(word, ast.Constant) and isinstance(word.value, str)]
        context = words.pop(0) if name in _CONTEXT and words else None
        if name in _MANY and len(words) > 1:
            yield (words[0], words[1]), context
        elif name in _ONE and words:
            yield words[0], context


def load(root: Path, language: str) -> Catalog:
    """The catalogue of a language as it stands; empty where there is none."""
    path = path_of(root, language)
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renew(root: Path, language: str, template: Catalog, triples: Iterable[Triple] = ()) -> Catalog:
    """The catalogue of a language with the texts of the source: translations are kept, texts out of use go."""
    old = load(root, language)
    known = {triple.ids: triple.texts.get(language) for triple in triples}
    fresh = Catalog(
        locale=language,
        project="TyöParkki",
        version="1",
        copyright_holder="TyöParkki",
        msgid_bugs_address="tyoparkki@tyoparkki.example",
        creation_date=_BORN,
        revision_date=_BORN,
        last_translator="TyöParkki",
        language_team=language,
        charset="utf-8",
        fuzzy=False,
    )
    fresh.header_comment = "# Texts of TyöParkki. Gathered by `make messages`; English is the text of the source."
    for message in template:
        if not message.id:
            continue
        ids: Ids = message.id if isinstance(message.id, str) else (message.id[0], message.id[1])
        earlier = old.get(message.id, message.context)
        string = ids if language == SOURCE_LANGUAGE else known.get(ids) or (earlier.string if earlier else "")
        if isinstance(string, tuple | list) != isinstance(ids, tuple | list):  # it gained or lost its plural
            string = ("", "") if isinstance(ids, tuple | list) else ""
        flags = {"fuzzy"} if earlier and earlier.fuzzy and not known.get(ids) else set()
        fresh.add(message.id, string, locations=message.locations, flags=flags, context=message.context)
    return fresh


def write(root: Path, language: str, catalogue: Catalog) -> None:
    """Write a catalogue so that the same texts give the same file."""
    path = path_of(root, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = io.BytesIO()
    write_po(content, catalogue, width=110, sort_output=True, include_lineno=False, include_previous=False)
    path.write_bytes(content.getvalue())


def compile_all(root: Path) -> int:
    """Make the catalogues that the program reads; returns how many there are."""
    made = 0
    for language in LANGUAGES:
        if path_of(root, language).is_file():
            with path_of(root, language).with_suffix(".mo").open("wb") as file:
                write_mo(file, load(root, language))
            made += 1
    return made


def read_triples(folder: Path) -> tuple[list[Triple], list[str]]:
    """Texts with their translations from a folder of lists, and the lines that cannot be used, each with its reason.

    A line is `text <tab> Finnish <tab> Swedish`; one and many are parted by `|||`.
    """
    triples: list[Triple] = []
    faults: list[str] = []
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            cells = [_ids(cell) for cell in line.split("\t")]
            fault = _fault(cells)
            if fault:
                faults.append(f"{path.name}:{number}: {fault}")
            else:
                triples.append(Triple(cells[0], {"fi": cells[1], "sv": cells[2]}))
    return triples, faults


def _ids(cell: str) -> Ids:
    words = [word.replace("\\n", "\n").replace("\\t", "\t") for word in cell.split("|||")]
    return words[0] if len(words) == 1 else (words[0], words[1])


def _fault(cells: list[Ids]) -> str:
    if len(cells) != 3 or not all(cells):
        return "three cells parted by tabs are needed: text, Finnish, Swedish"
    if len({isinstance(cell, str) for cell in cells}) > 1:
        return f"one and many (|||) are needed in all three cells: {cells[0]}"
    return next((fault for cell in cells[1:] if (fault := _other_places(cells[0], cell))), "")


def _parts(ids: object) -> list[str]:
    return [ids] if isinstance(ids, str) else [str(part) for part in ids or ()]  # type: ignore[attr-defined]  # a tuple or list


def _other_places(source: object, translation: object) -> str:
    """Whether a translation fills in other values than its source; the singular may leave its number out."""
    wanted = {place for part in _parts(source) for place in _PLACE.findall(part)}
    for part in _parts(translation):
        given = set(_PLACE.findall(part))
        if given - wanted or (len(_parts(source)) == 1 and wanted - given):
            return f"other places for values than in the source: {part}"
    return ""


def faults_of(root: Path) -> list[str]:
    """What is missing before every text of the product exists in every language."""
    template = gather(root)
    faults: list[str] = []
    for language in LANGUAGES:
        catalogue = load(root, language)
        wanted = {(message.id, message.context) for message in template if message.id}
        left = [one for one in catalogue if one.id and (one.id, one.context) not in wanted]
        faults += [f"{language}: no longer in use: {_parts(m.id)[0]}" for m in [*left, *catalogue.obsolete.values()]]
        faults += [
            f"{language}: {fault}: {_parts(message.id)[0]}"
            for message in template
            if message.id and (fault := _lack(catalogue.get(message.id, message.context), message))
        ]
    return faults


def _lack(translated: Message | None, source: Message) -> str:
    if translated is None:
        return "not gathered"
    if not all(_parts(translated.string)) or not translated.string:
        return "not translated"
    if translated.fuzzy:
        return "marked as unsure"
    return "other places for values" if _other_places(source.id, translated.string) else ""

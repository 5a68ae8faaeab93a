"""How a service ended and why a referral cannot be taken: words that each point may change."""

from django.db import migrations, models

WORDS = {
    "ending": [
        ("tavoite", "Tavoite toteutui", "Målet nåddes", "The goal was reached"),
        ("tyohon", "Työhön", "Till arbete", "To work"),
        ("koulutukseen", "Koulutukseen", "Till studier", "To education"),
        ("toinen_palvelu", "Jatkaa toisessa palvelussa", "Fortsätter i en annan tjänst", "Goes on in another service"),
        ("sovitusti", "Päättyi sovitusti", "Avslutades som avtalat", "Ended as agreed"),
        ("keskeytyi", "Keskeytyi", "Avbröts", "Was interrupted"),
        ("ei_yhteytta", "Yhteyttä ei saatu", "Kontakt nåddes inte", "No contact was made"),
    ],
    "refusal": [
        ("taynna", "Paikkoja ei ole nyt", "Inga platser just nu", "No places just now"),
        (
            "kohderyhma",
            "Palvelu on toiselle kohderyhmälle",
            "Tjänsten är för en annan målgrupp",
            "The service is for another group",
        ),
        ("alue", "Toisen alueen palvelu", "Ett annat områdes tjänst", "A service of another area"),
        ("sopivampi", "Toinen palvelu sopii paremmin", "En annan tjänst passar bättre", "Another service fits better"),
        ("lisatietoja", "Tarvitaan lisää tietoja", "Mer uppgifter behövs", "More information is needed"),
        ("muu", "Muu syy", "Annan orsak", "Another reason"),
    ],
}


def give_words(apps, schema_editor):
    """Points that are there get the words that a new point starts with."""
    alias = schema_editor.connection.alias
    term = apps.get_model("team", "Term").objects.using(alias)
    for point in apps.get_model("team", "ServicePoint").objects.using(alias).order_by("pk"):
        for kind, rows in WORDS.items():
            if term.filter(point=point, kind=kind).exists():
                continue
            for position, (code, fi, sv, en) in enumerate(rows, 1):
                names = {"fi": fi, "sv": sv, "en": en}
                term.create(point=point, kind=kind, code=code, names=names, position=position)


class Migration(migrations.Migration):
    dependencies = [("team", "0006_terms_in_use")]

    operations = [
        migrations.AlterField(
            model_name="term",
            name="kind",
            field=models.CharField(
                choices=[
                    ("situation", "Situation"),
                    ("age_band", "Age"),
                    ("result", "Result"),
                    ("ending", "How a service ended"),
                    ("refusal", "Why a referral cannot be taken"),
                ],
                max_length=12,
            ),
        ),
        migrations.RunPython(give_words, migrations.RunPython.noop),
    ]

"""Why a suggestion is put aside and how a visitor heard of the point: words that each point may change."""

from django.db import migrations, models

WORDS = {
    "aside": [
        ("ei_halua", "Ei halua tätä nyt", "Vill inte ha detta nu", "Does not want this now"),
        ("kaynyt_jo", "On jo käyttänyt palvelua", "Har redan använt tjänsten", "Has used it already"),
        ("ehdot", "Ehdot eivät täyty", "Uppfyller inte villkoren", "Does not meet the terms"),
        ("matka", "Liian kaukana", "För långt borta", "Too far away"),
        ("muu", "Muu syy", "Annan orsak", "Another reason"),
    ],
    "source": [
        ("itse", "Löysi itse", "Hittade själv", "Found us alone"),
        ("kaveri", "Kaveri tai läheinen", "En vän eller närstående", "A friend or relative"),
        ("some", "Sosiaalinen media", "Sociala medier", "Social media"),
        ("lehti", "Lehti tai radio", "Tidning eller radio", "Newspaper or radio"),
        ("verkkosivu", "Verkkosivu tai haku", "Webbsida eller sökning", "Website or search"),
        ("viranomainen", "Viranomainen tai palvelu", "Myndighet eller tjänst", "An authority or service"),
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
    dependencies = [("team", "0007_referral_words")]

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
                    ("aside", "Why a suggested service is put aside"),
                    ("source", "How the visitor heard of us"),
                ],
                max_length=12,
            ),
        ),
        migrations.RunPython(give_words, migrations.RunPython.noop),
    ]

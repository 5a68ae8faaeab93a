"""The sounds of the names that are on file already."""

from django.db import migrations

from clients.sounds import sound_parts

BATCH = 2000


def fill(apps, schema_editor):
    """Write the sounds of every name, some at a time."""
    clients = apps.get_model("clients", "Client").objects.using(schema_editor.connection.alias)
    batch = []
    for client in clients.only("pk", "name").order_by("pk").iterator(BATCH):
        client.sound_parts = sound_parts(client.name)
        batch.append(client)
        if len(batch) == BATCH:
            clients.bulk_update(batch, ["sound_parts"])
            batch = []
    clients.bulk_update(batch, ["sound_parts"])


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0010_sound_parts"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

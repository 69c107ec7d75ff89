"""PostgreSQL keeps it true by itself: no person on two duties at once, no position held by two. SQLite has one writer.

Not in the model's Meta: an exclusion constraint there breaks `migrate` on SQLite.
"""

from django.db import migrations

CONSTRAINTS = {
    "duty_person_once": "person_id WITH =",
    "duty_position_once": "desk_id WITH =, position WITH =",
}


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    for name, same in CONSTRAINTS.items():
        schema_editor.execute(
            f"ALTER TABLE rosters_duty ADD CONSTRAINT {name} EXCLUDE USING gist "
            f"({same}, tstzrange(starts_at, ends_at) WITH &&) WHERE (cancelled_at IS NULL)"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in CONSTRAINTS:
            schema_editor.execute(f"ALTER TABLE rosters_duty DROP CONSTRAINT {name}")


class Migration(migrations.Migration):
    dependencies = [("rosters", "0001_initial")]
    operations = [migrations.RunPython(add, drop)]

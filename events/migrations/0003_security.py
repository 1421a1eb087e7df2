"""Who may read and write events: the website records, the worker carries."""

from django.db import migrations

from events.rls import Policy, reference, secure


class Migration(migrations.Migration):
    dependencies = [("events", "0002_initial")]

    operations = [
        reference("events_world"),
        secure(
            "events_event",
            [Policy("record", "insert", check="true")],
            web="insert",
            worker="select, insert",
        ),
        secure(
            "events_handling",
            [Policy("record", "insert", check="true")],
            web="insert",
            worker="select, insert, update",
        ),
    ]

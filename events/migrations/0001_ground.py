"""The ground of all rights: nothing is granted to the website by default."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    run_before = [
        ("contenttypes", "0001_initial"),
        ("auth", "0001_initial"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            """
            grant usage on schema public to hub_web, hub_worker;
            alter default privileges revoke execute on functions from public;
            """,
            """
            alter default privileges grant execute on functions to public;
            revoke usage on schema public from hub_web, hub_worker;
            """,
        )
    ]

"""The Celery application: it carries prompts and ticks; PostgreSQL holds every obligation."""

import os

from celery import Celery
from celery.signals import worker_process_shutdown
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hesley_hub.settings")

app = Celery("hesley_hub", task_cls="hesley_hub.tasks:HubTask")
app.conf.update(settings.CELERY)
app.autodiscover_tasks(
    [
        "events",
        "oversight",
        "oversight.risk",
        "homes.looking",
        "hesley_hub.looking",
        "hesley_hub.sign_in",
        "hesley_hub.demo",
    ]
)


@worker_process_shutdown.connect
def let_mail_leave(**_: object) -> None:
    """An orderly end waits for the e-mails under way, so that none is sent twice."""
    from oversight import tasks

    if tasks.slots.cache_info().currsize:
        tasks.slots().finish()

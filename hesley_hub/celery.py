"""The Celery application: it carries prompts and ticks; PostgreSQL holds every obligation."""

import os

from celery import Celery
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

"""What is done about sessions by nobody in particular."""

from datetime import datetime

from django.contrib.sessions.models import Session


def clear_ended_sessions(*, now: datetime) -> int:
    """Delete the rows of sessions that ended by themselves; how many. Signing out deletes its own row at once."""
    ended, _ = Session.objects.filter(expire_date__lt=now).delete()
    return ended

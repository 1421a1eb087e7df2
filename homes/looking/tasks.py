"""Celery's part: seal what was looked at, every ten seconds."""

from celery import shared_task

from homes.looking import sealing


@shared_task(name="homes.looking.tasks.seal_looks")
def seal_looks() -> int:
    """Seal what is ready; how many looks that were."""
    batch = sealing.seal()
    return batch.rows if batch else 0

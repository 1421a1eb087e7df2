"""Taking an answer by link."""

from uuid import UUID

from django.db import connection, transaction


@transaction.atomic
def answer(*, delivery: UUID, name: str, post: str) -> bool:
    """Record who says that an e-mail has reached them; False where its link was used or its step needs no answer now.

    The moment is the request's. Once for each e-mail, whoever sends the form and however often.
    """
    with connection.cursor() as cursor:
        cursor.execute("select oversight_answer_by_link(%s, %s, %s)", [delivery, name, post])
        row = cursor.fetchone()
    return bool(row and row[0])

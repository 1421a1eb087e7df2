"""Two people, or one person twice, at the same alert in the same moment as its ladder climbs."""

import json
import threading
from http.client import HTTPConnection, HTTPException
from uuid import UUID

from faults.run import Plan, Scene

AT_ONCE = 20
ALERT = """
select a.reference from oversight_alert a join oversight_branch b on b.alert_id = a.id
where a.picture = 'overseers' and b.state = 'waiting' and b.due_at between now() and now() + interval '2 seconds' limit 1"""
ANSWERS = """
select count(*), count(distinct k.branch_id) from oversight_acknowledgement k join oversight_alert a on a.id = k.alert_id
where a.reference = '{}'"""


def answer_at_once(scene: Scene) -> None:
    """An inspector answers an alert twenty times at once, each time in other words, as its branch falls due: one answer."""
    for _ in range(3):
        scene.until(lambda: bool(scene.hub.statement(ALERT)), "no branch fell due", seconds=90)
        reference = scene.hub.statement(ALERT.replace("limit 1", "order by b.due_at desc limit 1"))[0][0]
        statuses = _answers(scene, reference)
        rows, branches = scene.hub.statement(ANSWERS.format(reference))[0]
        scene.notes.append(f"{AT_ONCE} answers at once: {rows} kept; statuses {sorted(set(statuses))}")
        if not rows == branches == 1 or statuses.count(201) != 1:
            raise RuntimeError(f"{rows} answers of {branches} branches, {statuses.count(201)} acknowledged")


def _answers(scene: Scene, reference: str) -> list[int]:
    statuses: list[int] = []
    keys = [str(UUID(int=scene.random.getrandbits(128), version=4)) for _ in range(AT_ONCE)]
    token = scene.world["inspector"]

    def send(number: int) -> None:
        headers = {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": keys[number],
            "Content-Type": "application/json",
        }
        connection = HTTPConnection("127.0.0.1", scene.hub.port, timeout=30)
        try:
            body = json.dumps({"note": f"I shall ring them ({number})."})
            connection.request("POST", f"/api/v1/alerts/{reference}/acknowledge/", body, headers)
            statuses.append(connection.getresponse().status)
        except (OSError, HTTPException):
            statuses.append(0)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


PLANS = (Plan("F14", "people: one alert answered twenty times at once as it climbs", answer_at_once),)

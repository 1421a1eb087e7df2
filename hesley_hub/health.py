"""Is it alive; is it keeping up. Numbers only, for anybody."""

from django.http import HttpRequest, JsonResponse

from events.health import ages


def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"live": True})


def ready(request: HttpRequest) -> JsonResponse:
    """Ages in seconds of the oldest unhandled event and unsent delivery; handlings parked; and for each part, how long
    ago a heartbeat last passed it (null: never, or none was kept)."""
    waiting = ages()
    return JsonResponse(
        {
            "ready": True,
            "oldest_unhandled_event_seconds": waiting.oldest_unhandled_event,
            "oldest_unsent_delivery_seconds": waiting.oldest_unsent_delivery,
            "parked_handlings": waiting.parked,
            "seconds_since_heartbeat_passed": {
                "clock": waiting.beat_recorded,
                "relay": waiting.beat_handled,
                "mail": waiting.beat_delivered,
                "web": waiting.beat_answered,
                "monitor": waiting.beat_told,
            },
        }
    )

"""Is it alive; is it keeping up. Numbers only, for anybody."""

from django.http import HttpRequest, JsonResponse

from events.health import ages


def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"live": True})


def ready(request: HttpRequest) -> JsonResponse:
    """Ages in seconds of the oldest unhandled event and the oldest unsent delivery; handlings parked."""
    waiting = ages()
    return JsonResponse(
        {
            "ready": True,
            "oldest_unhandled_event_seconds": waiting.oldest_unhandled_event,
            "oldest_unsent_delivery_seconds": waiting.oldest_unsent_delivery,
            "parked_handlings": waiting.parked,
        }
    )

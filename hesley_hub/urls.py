"""Every address of the hub."""

from django.urls import URLPattern, URLResolver, include, path

from hesley_hub import health, start_live

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("sign-in/first/<str:token>/", start_live.first_sign_in, name="first-sign-in"),
    path("api/v1/", include("hesley_hub.api.urls")),
    path("", include("hesley_hub.start.urls")),
    path("", include("hesley_hub.sign_in.urls")),
    path("", include("homes.imports.urls")),
    path("", include("homes.people.urls")),
    path("", include("homes.consents.urls")),
    path("", include("incidents.record.urls")),
    path("", include("incidents.recording.urls")),
    path("", include("incidents.lado.urls")),
    path("", include("oversight.dashboards.urls")),
    path("", include("oversight.escalation.urls")),
    path("", include("oversight.response.urls")),
    path("", include("hesley_hub.demo_mail.urls")),
    path("", include("voice.heard.urls")),
    path("", include("oversight.visits.urls")),
    path("", include("oversight.matters.urls")),
    path("", include("hesley_hub.looking.urls")),
]

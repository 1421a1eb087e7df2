"""Addresses of recording."""

from django.urls import path

from incidents.recording import views

app_name = "recording"
urlpatterns = [
    path("record/", views.choose, name="choose"),
    path("record/draft/<uuid:draft_id>/danger/", views.danger, name="danger"),
    path("record/draft/<uuid:draft_id>/check/", views.check, name="check"),
    path("record/draft/<uuid:draft_id>/<slug:key>/", views.step, name="step"),
    path("record/draft/<uuid:draft_id>/<slug:key>/save", views.save, name="save"),
    path("record/done/<uuid:draft_id>/", views.done, name="done"),
    path("record/<slug:stream>/", views.start, name="start"),
]

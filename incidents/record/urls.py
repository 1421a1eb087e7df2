"""Addresses of records that stand."""

from django.urls import path

from incidents.record import views

app_name = "record"
urlpatterns = [
    path("incidents/<str:reference>/", views.record, name="record"),
    path("incidents/<str:reference>/share/", views.share, name="share"),
    path("homes/<str:urn>/records/", views.records, name="records"),
    path("record/told/<uuid:duty_id>/", views.told, name="told"),
]

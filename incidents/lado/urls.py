"""Addresses of the LADO's decision."""

from django.urls import path

from incidents.lado import views

app_name = "lado"
urlpatterns = [
    path("incidents/<str:reference>/outcome/", views.outcome, name="outcome"),
    path("incidents/<str:reference>/outcome/send/", views.send_outcome, name="send-outcome"),
]

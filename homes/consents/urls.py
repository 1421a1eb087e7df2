"""Addresses of consents."""

from django.urls import path

from homes.consents import views

urlpatterns = [
    path("children/<uuid:key>/consents/", views.child_consents, name="child-consents"),
]

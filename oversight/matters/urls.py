"""Addresses of matters."""

from django.urls import path

from oversight.matters import views

urlpatterns = [
    path("homes/<str:urn>/matters/", views.matters, name="matters"),
    path("homes/<str:urn>/matters/<uuid:key>/", views.decide, name="matter-decide"),
]

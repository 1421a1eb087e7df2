"""Addresses of the list of homes."""

from django.urls import path

from homes.imports import views

urlpatterns = [path("homes/import/", views.homes_list, name="homes-import")]

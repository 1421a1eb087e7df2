"""Addresses of the record of looking."""

from django.urls import path

from hesley_hub.looking import views

urlpatterns = [
    path("children/<uuid:key>/looks/", views.child_looks, name="child-looks"),
    path("looking/", views.own_looks, name="own-looks"),
    path("looking/looks.csv", views.own_looks_csv, name="own-looks-csv"),
    path("looking/person/<uuid:key>/", views.person_looks, name="person-looks"),
]

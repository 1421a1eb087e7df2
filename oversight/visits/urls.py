"""Addresses of visits."""

from django.urls import path

from oversight.visits import views, writing

urlpatterns = [
    path("visits/", views.visits, name="visits"),
    path("homes/<str:urn>/visits/", views.home_visits, name="home-visits"),
    path("homes/<str:urn>/visits/new/", views.new_visit, name="visit-new"),
    path("homes/<str:urn>/visits/save/<slug:part>/", views.save_home_part, name="visit-save-home-part"),
    path("homes/<str:urn>/briefing/", views.briefing_page, name="visit-briefing"),
    path("homes/<str:urn>/concern/", views.raise_concern, name="concern-raise"),
    path("concerns/<str:reference>/", views.concern_page, name="concern"),
    path("visits/<uuid:key>/", writing.visit_page, name="visit"),
    path("visits/<uuid:key>/read/", writing.read_page, name="visit-read"),
    path("visits/<uuid:key>/check/", writing.check_page, name="visit-check"),
    path("visits/<uuid:key>/<slug:part>/", writing.part_page, name="visit-part"),
    path("visits/<uuid:key>/<slug:part>/save/", writing.save_part, name="visit-part-save"),
]

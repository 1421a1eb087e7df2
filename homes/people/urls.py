"""Addresses of people, organisations and emergency rights."""

from django.urls import path

from homes.people import views

urlpatterns = [
    path("hub/people/", views.people, name="people"),
    path("hub/people/new/", views.bring_in, name="people-new"),
    path("hub/people/stale/", views.stale, name="people-stale"),
    path("hub/people/posts/<uuid:key>/", views.post, name="people-post"),
    path("hub/people/posts/<uuid:key>/<slug:what>/", views.change_post, name="people-post-change"),
    path("hub/organisation/", views.own_organisation, name="own-organisation"),
    path("hub/organisation/<uuid:key>/", views.organisation, name="organisation"),
    path("hub/mailbox-changes/<uuid:key>/<slug:what>/", views.decide_mailbox, name="mailbox-decide"),
    path("hub/break-glass/", views.broken_glass, name="broken-glass"),
    path("homes/<str:urn>/break-glass/", views.break_glass, name="break-glass"),
]

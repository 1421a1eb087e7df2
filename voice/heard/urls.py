"""Addresses of what children say."""

from django.urls import path

from voice.heard import views

urlpatterns = [
    path("homes/<str:urn>/children/", views.children, name="home-children"),
    path("children/<uuid:key>/", views.child_page, name="child"),
    path("children/<uuid:key>/hear/", views.hear, name="child-hear"),
    path("children/<uuid:key>/say/", views.say, name="child-say"),
    path("views/<uuid:key>/", views.view_page, name="view"),
    path("views/<uuid:key>/done/", views.view_done, name="view-done"),
    path("views/<uuid:key>/told/<uuid:done>/", views.view_told, name="view-told"),
    path("views/<uuid:key>/share/", views.view_share, name="view-share"),
]

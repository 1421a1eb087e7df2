"""Addresses of the dashboards and their documents."""

from django.urls import path

from oversight.dashboards import areas, views
from oversight.dashboards.documents import views as documents

urlpatterns = [
    path("homes/<str:urn>/", views.home, name="home"),
    path("provider/", views.own_provider, name="own-provider"),
    path("providers/<uuid:key>/", views.provider, name="provider"),
    path("authority/", views.authority, name="authority"),
    path("area/", views.area, name="area"),
    path("nation/", views.nation, name="nation"),
    path("nation/children/", areas.children, name="nation-children"),
    path("nation/children.csv", areas.children_csv, name="nation-children-csv"),
    path("nation/children/pdf", areas.children_pdf, name="nation-children-pdf"),
    path("nation/homes.csv", views.nation_csv, name="nation-csv"),
    path("alerts/<str:reference>/pdf", documents.alert_pdf, name="alert-pdf"),
    path("incidents/<str:reference>/pdf", documents.incident_pdf, name="incident-pdf"),
    path("visits/<uuid:key>/pdf", documents.visit_pdf, name="visit-pdf"),
]

"""Addresses of alerts."""

from django.urls import path

from oversight.escalation import views

urlpatterns = [
    path("alerts/", views.alerts, name="alerts"),
    path("alerts/<str:reference>/", views.alert, name="alert"),
    path("alerts/<str:reference>/acknowledge/", views.acknowledge, name="alert-acknowledge"),
    path("alerts/<str:reference>/not-me/", views.not_me, name="alert-not-me"),
    path("hub/alarms/", views.operator_alarms, name="operator-alarms"),
]

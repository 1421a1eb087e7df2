"""Addresses of alerts."""

from django.urls import path

from oversight.escalation import operator_views, views

urlpatterns = [
    path("alerts/", views.alerts, name="alerts"),
    path("alerts/<str:reference>/", views.alert, name="alert"),
    path("alerts/<str:reference>/acknowledge/", views.acknowledge, name="alert-acknowledge"),
    path("alerts/<str:reference>/not-me/", views.not_me, name="alert-not-me"),
    path("hub/alarms/", operator_views.operator_alarms, name="operator-alarms"),
    path("hub/alarms/<uuid:key>/clear/", operator_views.clear, name="operator-alarm-clear"),
]

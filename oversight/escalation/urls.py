"""Addresses of alerts."""

from django.urls import path

from oversight.escalation import operator_views, views
from oversight.escalation.by_link import views as by_link
from oversight.escalation.deciding import views as deciding

urlpatterns = [
    path("answer/<str:word>/", by_link.answer, name="answer-by-link"),
    path("alerts/", views.alerts, name="alerts"),
    path("alerts/<str:reference>/", views.alert, name="alert"),
    path("alerts/<str:reference>/acknowledge/", views.acknowledge, name="alert-acknowledge"),
    path("alerts/<str:reference>/not-me/", views.not_me, name="alert-not-me"),
    path("alerts/<str:reference>/decide/", deciding.decide, name="alert-decide"),
    path("alerts/<str:reference>/outcome/", deciding.outcome, name="alert-outcome"),
    path("alerts/<str:reference>/provider/", deciding.provider_told, name="alert-provider"),
    path("alerts/<str:reference>/reply/", deciding.reply, name="alert-reply"),
    path("alerts/<str:reference>/close/", deciding.close, name="alert-close"),
    path("hub/alarms/", operator_views.operator_alarms, name="operator-alarms"),
    path("hub/alarms/<uuid:key>/clear/", operator_views.clear, name="operator-alarm-clear"),
]

"""Address of the page of response."""

from django.urls import path

from oversight.response import views

urlpatterns = [path("response/", views.response, name="response")]

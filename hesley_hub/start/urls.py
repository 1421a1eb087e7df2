"""Addresses of the start page, of signing in and out, and of the people to try."""

from allauth.account.views import LogoutView
from django.urls import path

from hesley_hub.start import views

urlpatterns = [
    path("", views.start, name="start"),
    path("sign-in/", views.SignIn.as_view(), name="account_login"),
    path("sign-out/", LogoutView.as_view(), name="account_logout"),
    path("demo/people/", views.people, name="demo-people"),
]

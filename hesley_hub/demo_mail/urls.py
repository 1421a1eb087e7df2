"""Addresses of the demonstration's e-mail."""

from django.urls import path

from hesley_hub.demo_mail import views

urlpatterns = [
    path("demo/mail/", views.mails, name="demo-mails"),
    path("demo/mail/<int:number>/", views.mail, name="demo-mail"),
]

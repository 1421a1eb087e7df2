from django.apps import AppConfig


class HomesConfig(AppConfig):
    name = "homes"
    verbose_name = "Homes"
    default_auto_field = "django.db.models.BigAutoField"

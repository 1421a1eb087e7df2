from django.apps import AppConfig


class HubConfig(AppConfig):
    name = "hesley_hub"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import hesley_hub.api.schema
        import hesley_hub.celery  # noqa: F401 - tasks find their application
        from events import registry
        from hesley_hub.wiring import HANDLERS

        registry.wire(HANDLERS)

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"

    def ready(self) -> None:
        from dashboard import celery, checks  # noqa: F401  (tasks are sent from the web process too)

"""Composition root: the only place besides settings and urls that knows every app."""

from django.apps import AppConfig


class UnionPortalConfig(AppConfig):
    name = "unionportal"
    label = "unionportal"
    verbose_name = "越工周记"

    def ready(self) -> None:
        from unionportal import celery  # noqa: F401  so that shared tasks find their app in every process
        from unionportal.composition import (
            answer_for_places,
            attach_panels,
            name_followers,
            offer_exchange,
            offer_offline,
        )

        attach_panels()
        offer_exchange()
        offer_offline()
        name_followers()
        answer_for_places()

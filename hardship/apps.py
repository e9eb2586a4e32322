from django.apps import AppConfig


class HardshipConfig(AppConfig):
    name = "hardship"
    verbose_name = "困难职工"

    def ready(self) -> None:
        from hardship.parts import offer_part
        from hardship.process_part import PART  # models are not loaded before the apps are

        offer_part(PART)

from django.apps import AppConfig


class StationsConfig(AppConfig):
    name = "stations"
    verbose_name = "户外劳动者驿站"

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "unionportal.reporting"
    label = "reporting"
    verbose_name = "看板与报表"

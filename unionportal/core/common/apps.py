from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "unionportal.core.common"
    label = "common"
    verbose_name = "公共"

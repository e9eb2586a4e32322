from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "unionportal.core.access"
    label = "access"
    verbose_name = "权限"

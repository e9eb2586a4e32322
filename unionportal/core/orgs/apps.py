from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "unionportal.core.orgs"
    label = "orgs"
    verbose_name = "组织"

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "unionportal.core.jobs"
    label = "jobs"
    verbose_name = "导入导出"

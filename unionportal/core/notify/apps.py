from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "unionportal.core.notify"
    label = "notify"
    verbose_name = "消息"

from django.apps import AppConfig


class WorkcalConfig(AppConfig):
    name = "unionportal.core.workcal"
    label = "workcal"
    verbose_name = "工作日历"

    def ready(self) -> None:
        from unionportal.core.common import clock
        from unionportal.core.workcal.demo_clock import stored_offset

        clock.use_offset_source(stored_offset)

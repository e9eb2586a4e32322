from django.apps import AppConfig

from unionportal.core.common.sealed import check_keys


class CommonConfig(AppConfig):
    name = "unionportal.core.common"
    label = "common"
    verbose_name = "公共"

    def ready(self) -> None:
        """Wrong keys, or a cipher there is not, stop the start: else the first person who saves a number would meet them."""
        from unionportal.core.common import checks  # noqa: F401  registers them

        check_keys()

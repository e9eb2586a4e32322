from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "unionportal.core.accounts"
    label = "accounts"
    verbose_name = "账号"

    def ready(self) -> None:
        from unionportal.core.accounts import schema  # noqa: F401  registers the API's sign-in with its schema

from django.apps import AppConfig


class HardshipConfig(AppConfig):
    name = "hardship"
    verbose_name = "困难职工"

    def ready(self) -> None:
        """What the parts of the app keep of a household: for a look at one person's data, and for its deletion."""
        from hardship.lead_part import PART as OF_LEADS
        from hardship.money_part import PART as OF_MONEY
        from hardship.parts import offer_part
        from hardship.process_part import PART as OF_PROCESS

        for part in (OF_LEADS, OF_PROCESS, OF_MONEY):
            offer_part(part)

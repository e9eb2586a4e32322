"""What upper floors show on pages of lower ones, and what each app takes out and brings in as tables."""

from unionportal.core.common import panels
from unionportal.core.common.exchange.kinds import offer_export, offer_import


def attach_panels() -> None:
    """Fill the slots of `common.panels`."""
    from casework.panels import PANELS as OF_CASEWORK  # models are not loaded before the apps are
    from hardship.process_panels import PANELS as OF_PROCESS
    from visits.panels import PANELS as OF_VISITS

    for slot, panel in [*OF_CASEWORK, *OF_VISITS, *OF_PROCESS]:
        panels.attach(slot, panel)


def name_followers() -> None:
    """The rows that go along when an enterprise is merged into another."""
    from casework.followers import FOLLOWERS as OF_CASEWORK
    from unionportal.core.accounts.followers import FOLLOWERS as OF_ACCOUNTS
    from unionportal.core.orgs.merging import follow
    from visits.followers import FOLLOWERS as OF_VISITS

    follow([*OF_ACCOUNTS, *OF_CASEWORK, *OF_VISITS])


def offer_exchange() -> None:
    """The kinds of exports and imports, in the order in which pages offer them."""
    from casework import exporting as issues_out
    from casework import importing as issues_in
    from hardship import exporting as hardship_out
    from hardship import importing as hardship_in
    from unionportal.core.orgs import exporting as enterprises_out
    from unionportal.core.orgs import importing as enterprises_in
    from visits import exporting as visits_out
    from visits import importing as visits_in

    for export in (issues_out.EXPORT, visits_out.EXPORT, enterprises_out.EXPORT, hardship_out.EXPORT):
        offer_export(export)
    for brought in (enterprises_in.IMPORT, visits_in.IMPORT, issues_in.IMPORT, hardship_in.IMPORT):
        offer_import(brought)

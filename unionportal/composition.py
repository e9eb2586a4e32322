"""What upper floors show on pages of lower ones, and what each app takes out and brings in as tables."""

from unionportal.core.common import panels
from unionportal.core.common.exchange.kinds import offer_export, offer_import


def attach_panels() -> None:
    """Fill the slots of `common.panels`."""
    from casework.panels import PANELS as OF_CASEWORK  # models are not loaded before the apps are
    from hardship.money_panels import PANELS as OF_MONEY
    from hardship.panels import PANELS as OF_LEADS
    from hardship.process_panels import PANELS as OF_PROCESS
    from stations.care_panels import PANELS as OF_CARE
    from stations.panels import PANELS as OF_STATIONS
    from stations.service_panels import PANELS as OF_SERVICE
    from visits.panels import PANELS as OF_VISITS

    of_stations = [*OF_STATIONS, *OF_CARE, *OF_SERVICE]
    of_hardship = [*OF_LEADS, *OF_PROCESS, *OF_MONEY]
    for slot, panel in [*OF_CASEWORK, *OF_VISITS, *of_stations, *of_hardship]:
        panels.attach(slot, panel)


def offer_offline() -> None:
    """What upper floors let a phone keep, and the pages for it."""
    from stations.offline import PAGE, PART
    from visits.offline import PARTS
    from visits.views.phone import PAGES

    PARTS["stations"] = PART
    PAGES["station-check-form"] = PAGE


def name_followers() -> None:
    """The rows that go along when an enterprise is merged into another."""
    from casework.followers import FOLLOWERS as OF_CASEWORK
    from hardship.followers import FOLLOWERS as OF_HARDSHIP
    from stations.followers import FOLLOWERS as OF_STATIONS
    from unionportal.core.accounts.followers import FOLLOWERS as OF_ACCOUNTS
    from unionportal.core.orgs.merging import follow
    from visits.followers import FOLLOWERS as OF_VISITS

    follow([*OF_ACCOUNTS, *OF_CASEWORK, *OF_VISITS, *OF_STATIONS, *OF_HARDSHIP])


def answer_for_places() -> None:
    """Whose places public codes may hang at, and what became of them."""
    from casework.places import answer_for
    from stations.code_places import ended
    from stations.services.register import CODE_OWNER

    answer_for(CODE_OWNER, ended)


def offer_exchange() -> None:
    """The kinds of exports and imports, in the order in which pages offer them."""
    from casework import exporting as issues_out
    from casework import importing as issues_in
    from hardship import exporting as hardship_out
    from hardship import importing as hardship_in
    from stations import exporting as stations_out
    from stations import importing as stations_in
    from unionportal.core.orgs import exporting as enterprises_out
    from unionportal.core.orgs import importing as enterprises_in
    from visits import exporting as visits_out
    from visits import importing as visits_in

    exports = (issues_out, visits_out, enterprises_out, stations_out, hardship_out)
    imports = (enterprises_in, visits_in, issues_in, stations_in, hardship_in)
    for out in exports:
        offer_export(out.EXPORT)
    for brought in imports:
        offer_import(brought.IMPORT)

"""Every number on every page of the demo district opens exactly its rows, or says why it has none."""




PERIODS = ("month=2024-09", "quarter=2024-3", "year=2024", "from=2024-07&to=2024-09")
SECTIONS = ("", "categories/", "units/", "overdue/", "visits/", "stations/", "hardship/", "wall/")
#: Sections and tables of figures, in every kind of period.
IN_PERIODS = (*(f"/dashboard/{section}" for section in SECTIONS), "/figures/units/", "/figures/cadres/")
#: Pages with no period of their own, or with one fixed.
OF_ALL = (
    "/",
    "/reports/months/",
    "/evaluations/2024/",
    "/evaluations/2024/results/",
    "/evaluations/2024/townships/330602007/",
    "/stations/building/",
    "/analyses/2024-Q4/330602007/",
)
OF_LEADER = (
    "/figures/state/",
    "/reports/",
    "/reports/months/2024-9/",
    "/reports/months/2024-9/1/",
    "/reports/months/2024-9/2/",
    "/evaluations/2024/cadres/cadre01/",
    "/analyses/2024-Q4/330602/",
    "/mediations/",
    "/hardship/progress/",
)
#: Figures that add up a column of their rows: people, money.

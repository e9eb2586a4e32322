"""The API's names; every app registers its own viewsets here, in one list a reader can see whole."""

from rest_framework.routers import SimpleRouter

from casework.api import IssueViewSet
from hardship.api import HardshipFileViewSet
from hardship.lead_api import LeadViewSet
from hardship.money_api import GrantViewSet
from stations.api import StationViewSet
from stations.api_events import StationEventViewSet
from stations.care_api import StationCheckViewSet
from unionportal.core.accounts.api import MeViewSet
from unionportal.core.jobs.api import ExportViewSet, ImportViewSet
from unionportal.core.orgs.api import EnterpriseViewSet, UnitViewSet
from unionportal.reporting.api import DefinitionViewSet, RollupViewSet
from visits.api import ChecklistViewSet, VisitViewSet

router = SimpleRouter()
router.register("me", MeViewSet, basename="api-me")
router.register("units", UnitViewSet, basename="api-unit")
router.register("enterprises", EnterpriseViewSet, basename="api-enterprise")
router.register("exports", ExportViewSet, basename="api-export")
router.register("imports", ImportViewSet, basename="api-import")
router.register("issues", IssueViewSet, basename="api-issue")
router.register("figures", DefinitionViewSet, basename="api-figure")
router.register("rollups", RollupViewSet, basename="api-rollup")
router.register("station-events", StationEventViewSet, basename="api-station-event")
router.register("checklists", ChecklistViewSet, basename="api-checklist")
router.register("visits", VisitViewSet, basename="api-visit")
router.register("station-checks", StationCheckViewSet, basename="api-station-check")
router.register("stations", StationViewSet, basename="api-station")
router.register("hardship/files", HardshipFileViewSet, basename="api-hardship-file")
router.register("hardship/leads", LeadViewSet, basename="api-hardship-lead")
router.register("hardship/grants", GrantViewSet, basename="api-hardship-grant")

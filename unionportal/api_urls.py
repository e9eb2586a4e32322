"""The API's names; every app registers its own viewsets here, in one list a reader can see whole."""

from rest_framework.routers import SimpleRouter

from unionportal.core.orgs.api import EnterpriseViewSet, UnitViewSet

router = SimpleRouter()
router.register("units", UnitViewSet, basename="api-unit")
router.register("enterprises", EnterpriseViewSet, basename="api-enterprise")

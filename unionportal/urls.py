"""Every address of the portal, by app."""

from django.conf import settings
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from unionportal.api_urls import router
from unionportal.core.common.health import healthz, readyz
from unionportal.reporting.metrics import metrics

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/v1/", include(router.urls)),
    path("", include("unionportal.core.accounts.urls")),
    path("", include("unionportal.core.orgs.urls")),
    path("", include("unionportal.core.params.urls")),
    path("", include("unionportal.core.workcal.urls")),
    path("", include("unionportal.core.audit.urls")),
    path("", include("unionportal.core.notify.urls")),
    path("", include("unionportal.core.jobs.urls")),
    path("", include("casework.urls")),
    path("", include("visits.urls")),
    path("", include("stations.urls")),
    path("", include("stations.urls_find")),
    path("", include("stations.urls_service")),
    path("", include("hardship.urls")),
    path("hardship/money/", include("hardship.urls_money")),
    path("hardship/services/", include("hardship.urls_services")),
    path("", include("unionportal.reporting.urls")),
]

if settings.DEBUG or settings.DEMO_MODE:
    urlpatterns.append(path("styleguide/", include("unionportal.core.common.styleguide")))

handler400 = "unionportal.core.common.errors_views.bad_request"
handler403 = "unionportal.core.common.errors_views.permission_denied"
handler404 = "unionportal.core.common.errors_views.not_found"
handler500 = "unionportal.core.common.errors_views.server_error"

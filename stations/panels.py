"""What the stations show on pages of lower floors."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from stations.models import OutdoorEmployer
from unionportal.core.orgs.models import Enterprise


def outdoor_workers(request: HttpRequest, enterprise: Enterprise) -> SafeString | str:
    """How many of an enterprise's people work outdoors, for those who read coverage; the way to the form for those who keep it."""
    if not request.may("station.coverage"):
        return ""
    employer = OutdoorEmployer.objects.filter(enterprise=enterprise).first()
    can_record = request.may("station.employers") and enterprise.is_active
    if employer is None and not can_record:
        return ""
    context = {"employer": employer, "enterprise": enterprise, "can_record": can_record}
    return render_to_string("stations/panel_enterprise.html", context, request)


PANELS = (("enterprise.main", outdoor_workers),)

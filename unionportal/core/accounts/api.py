from drf_spectacular.utils import extend_schema
from rest_framework import permissions, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from unionportal.core.accounts.models import Posting, User
from unionportal.core.accounts.selectors import person
from unionportal.core.accounts.serializers import MeSerializer
from unionportal.core.common import clock


class MeViewSet(viewsets.ViewSet):
    """The caller: name, roles, units, postings in force. Open to everybody signed in."""

    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(responses=MeSerializer, operation_id="me")
    def list(self, request: Request) -> Response:
        return Response(MeSerializer(_facts(person(request._request.scope.user_id))).data)


def _facts(user: User) -> dict[str, object]:
    today = clock.today()
    grants = list(user.grants.all())
    return {
        "username": user.username,
        "display_name": user.display_name,
        "roles": sorted({grant.role for grant in grants}),
        "units": [{"role": g.role, "code": g.unit.code, "name": g.unit.name} for g in grants],
        "postings": [_posting(p) for p in user.postings.all() if p.state_on(today) == "current"],
    }


def _posting(posting: Posting) -> dict[str, object]:
    return {
        "township": posting.township.code if posting.township else None,
        "enterprise": posting.enterprise.credit_code if posting.enterprise else None,
        "name": str(posting.target),
        "start_on": posting.start_on,
        "end_on": posting.end_on,
    }

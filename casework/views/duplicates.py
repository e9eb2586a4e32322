"""The hint while somebody types: what may be the same matter."""

from django.http import HttpRequest, HttpResponse

from casework.duplicates import similar_issues
from casework.presentation import state_look
from unionportal.core.common.views import PageView
from unionportal.core.orgs.models import Enterprise, Unit

TYPED_MOST = 200


class SimilarView(PageView):
    """A fragment: `title` (or a form row's `…-title`), `enterprise`, `township` by their codes; empty where nothing is alike.
    A visit's form also says `target_kind`: only an enterprise's visit has one."""

    action = "issue.create"
    template_name = "casework/_similar.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET
        named = next((name for name in asked if name == "title" or name.endswith("-title")), "title")
        text = asked.get(named, "")
        enterprises = Enterprise.objects.visible_to(request.scope).values_list("pk", "township_id")
        of_enterprise = asked.get("target_kind", "enterprise") == "enterprise"
        credit_code = asked.get("enterprise", "") if of_enterprise else ""
        enterprise = enterprises.filter(credit_code=credit_code).first() if credit_code else None
        townships = Unit.objects.townships().values_list("pk", flat=True)
        township = townships.filter(code=asked.get("township", "")).first()
        found = similar_issues(
            request.scope,
            text=text[:TYPED_MOST],
            enterprise_id=enterprise[0] if enterprise else None,
            township_id=enterprise[1] if enterprise else township,
        )
        return self.page({"similar": [(each, state_look(each.issue)) for each in found]})

"""The trail, for the auditor: read only."""

from django.http import HttpRequest, HttpResponse

from unionportal.core.audit.filters import AuditFilter
from unionportal.core.audit.labels import action_label, facts, object_label
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.views import PageView


class AuditListView(PageView):
    """/audit/"""

    action = "audit.view"
    template_name = "audit/entry_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        entries = AuditEntry.objects.visible_to(request.scope).select_related("actor")
        filters = AuditFilter(request.GET, queryset=entries)
        page = keyset_page(filters.qs, request, order=("-at", "-id"))
        rows = [
            {
                "entry": entry,
                "action": action_label(entry.action),
                "object": object_label(entry.object_type),
                "facts": facts(entry.data),
            }
            for entry in page.items
        ]
        return self.page({"page": page, "rows": rows, "filter": filters})

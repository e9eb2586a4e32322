from typing import Any

from django import forms
from django.db.models import Q

from casework.forms.issues import IssueForm
from casework.models import Issue
from casework.selectors import categories_in_order
from casework.services.moves import NOTE_LENGTH
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise, Unit


class CorrectionForm(IssueForm):
    """The facts of an entry as they stand, to be put right, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="更正理由",
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "如：登记时选错了镇街"}),
        error_messages={"required": "请写明更正的理由。"},
    )

    def __init__(self, data: Any = None, *, issue: Issue, scope: Scope, **kwargs: Any) -> None:
        super().__init__(data, scope=scope, initial=_present(issue), **kwargs)
        # Who reported it, and how, is not a fact of the entry: it has its own place.
        for name in ("uuid", "source_kind", "reporter_name", "reporter_phone", "reporter_privacy"):
            del self.fields[name]
        self.fields["category"].queryset = categories_in_order().filter(Q(is_active=True) | Q(pk=issue.category_id))
        self.fields["category"].empty_label = None
        self.fields["township"].queryset |= Unit.objects.filter(pk=issue.township_id)
        if issue.enterprise_id is not None:
            self.fields["enterprise"].queryset |= Enterprise.objects.filter(pk=issue.enterprise_id).select_related(
                "township"
            )
        self.fields["received_on"].help_text = "改动后，诉求计入新的月份。"


def _present(issue: Issue) -> dict[str, Any]:
    return {
        "version": issue.version,
        "category": issue.category.code,
        "township": issue.township.code,
        "enterprise": issue.enterprise.credit_code if issue.enterprise else "",
        "received_on": issue.received_on,
        "title": issue.title,
        "description": issue.description,
    }

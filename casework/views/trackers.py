"""Pages of trackers: their fields, filling them in, what they add up to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.forms.trackers import FieldRows, TrackerForm, TrackerNameForm, inputs, rows_of
from casework.models import Category, Issue, Tracker, TrackerValues
from casework.selectors import issue_detail
from casework.services.trackers import current_tracker, may_fill, tracker_fill, tracker_set
from casework.tracker_figures import filled_in, issues_behind, shown, tracker_sums
from casework.workflow import UNCOUNTED_STATES
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, FieldErrors, NotFound, StaleVersion
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.views import PageView, add_errors, get_or_404

ROWS = 50


class TrackerEditView(PageView):
    """The fields of a category."""

    action = "category.manage"
    template_name = "casework/tracker_form.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        category, tracker = _category(code)
        opening = {"name": tracker.name if tracker else f"{category.name}台账"}
        rows = FieldRows(initial=rows_of(tracker))
        return self.page({"category": category, "form": TrackerNameForm(initial=opening), "rows": rows})

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        category, _ = _category(code)
        form, rows = TrackerNameForm(request.POST), FieldRows(request.POST)
        if form.is_valid() and rows.is_valid():
            try:
                tracker_set(category=category, name=form.cleaned_data["name"], fields=inputs(rows), actor=request.scope)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已保存“{form.cleaned_data['name']}”。")
                return redirect("category-edit", code=category.code)
        return self.page({"category": category, "form": form, "rows": rows}, status=422)


def _category(code: str) -> tuple[Category, Tracker | None]:
    category = get_or_404(Category.objects.all(), code=code)
    rows = Tracker.objects.filter(category=category, is_current=True).prefetch_related("fields")
    return category, rows.first()


class TrackerFillView(PageView):
    """The tracker of an issue."""

    action = "tracker.fill"
    template_name = "casework/tracker_fill.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        issue, tracker, kept = self._found(request, code)
        form = TrackerForm(tracker=tracker, kept=kept)
        return self.page({"issue": issue, "tracker": tracker, "form": form, "version": kept.version if kept else 0})

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        issue, tracker, kept = self._found(request, code)
        form = TrackerForm(request.POST, tracker=tracker, kept=kept)
        sent = request.POST.get("version", "")
        version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1
        status = 422
        if form.is_valid():
            try:
                tracker_fill(code=code, version=version, values=form.given(), actor=request.scope)
            except FieldErrors as error:
                add_errors(form, FieldErrors({form.place(name): text for name, text in error.fields.items()}))
            except StaleVersion as error:
                form.add_error(None, f"{error.detail}您填的都还在，核对后可再次保存。")
                status = 409
            else:
                messages.success(request, f"{tracker.name}已保存。")
                return redirect(f"{reverse('issue-detail', args=[code])}#tracker")
        context = {"issue": issue, "tracker": tracker, "form": form, "version": kept.version if kept else 0}
        return self.page(context, status=status)

    def _found(self, request: HttpRequest, code: str) -> tuple[Issue, Tracker, TrackerValues | None]:
        issue = issue_detail(request.scope, code)
        tracker = current_tracker(issue)
        if tracker is None or not may_fill(issue, request.scope) or issue.state in UNCOUNTED_STATES:
            raise NotFound("这条诉求没有可以填写的台账。")
        return issue, tracker, TrackerValues.objects.filter(pk=issue.pk).first()


class TrackerFiguresView(PageView):
    """What the trackers add up to, by category, over a year or all."""

    action = "tracker.figures"
    template_name = "casework/tracker_figures.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        year = year_of(request)
        return self.page({"sums": tracker_sums(request.scope, year=year), "year": year, "years": years()})


class TrackerRowsView(PageView):
    """The issues behind a tracker's figures, with what was filled in."""

    action = "tracker.figures"
    template_name = "casework/tracker_rows.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        category, tracker = _category(code)
        if tracker is None:
            raise NotFound("这个类别没有设台账。")
        year = year_of(request)
        issues = filled_in(issues_behind(request.scope, tracker, year=year), tracker)
        issues = issues.select_related("tracker_values", "township", "enterprise").defer("search_tokens", "description")
        page = keyset_page(issues, request, order=("-received_on", "-id"), size=ROWS)
        fields = list(tracker.fields.all())
        rows = [
            (issue, [(f, shown(f, issue.tracker_values.values.get(f.code))) for f in fields]) for issue in page.items
        ]
        return self.page(
            {"category": category, "tracker": tracker, "fields": fields, "rows": rows, "page": page, "year": year}
        )


def years() -> list[int]:
    """From the year of the first issue to this one."""
    first = Issue.objects.order_by("received_on").values_list("received_on", flat=True).first()
    this = clock.today().year
    return list(range(this, (first.year if first else this) - 1, -1))


def year_of(request: HttpRequest) -> int | None:
    """`?year=2024`; this year unless told, None for `all` or nonsense."""
    text = request.GET.get("year", str(clock.today().year))
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 and 1900 < int(text) < 2200 else None

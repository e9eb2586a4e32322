"""The list of hardship files, a file's page with its acts, and the forms of household and person."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.forms.acts import ActForm
from casework.views.acts import ActsView, sent_version
from hardship import codes
from hardship.filters import FileFilter
from hardship.forms.files import HouseholdForm, PersonForm
from hardship.models import FileLook, HardshipFile
from hardship.personal import NOT_YOURS, may_see_personal, name_shown, secret_shown, seen_by
from hardship.selectors import LOOKS_SHOWN, file_detail, file_list, file_row, member_look, state_look
from hardship.services import file_edit, file_open, member_save
from hardship.services.papers import consent_gaps
from hardship.services.worksheets import recommendation_for, sums_of
from hardship.views.acts import ACTS
from unionportal.core.common import clock, panels
from unionportal.core.common.errors import DomainError, FieldErrors, Forbidden, StaleVersion
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.views import PageView, add_errors, get_or_404

ORDER = ("-opened_on", "-id")


class PersonalPage(PageView):
    """A page that may show personal data: no browser or proxy keeps it."""

    def page(self, context: dict[str, Any] | None = None, *, template: str = "", status: int = 200) -> HttpResponse:
        response = super().page(context, template=template, status=status)
        response["Cache-Control"] = "private, no-store"
        return response


class FileListView(PersonalPage):
    """/hardship/: names in clear for the own area, masked for everybody else; watermarked with who reads it."""

    action = "hardship.view"
    template_name = "hardship/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        filters = FileFilter(request.GET, queryset=file_list(request.scope), request=request)
        page = keyset_page(filters.qs, request, order=ORDER)
        sight = seen_by(request.scope, page.items)
        return self.page(
            {
                "page": page,
                "rows": [file_row(file, sight) for file in page.items],
                "filter": filters,
                "filters_open": any(request.GET.get(name) for name in filters.form.fields if name != "q"),
                "may_write": request.may("hardship.write"),
                "panels": panels.render("hardship.list", request, None),
            }
        )


class FileOpenView(PersonalPage):
    """/hardship/new/: a household and its holder on one page."""

    action = "hardship.write"
    template_name = "hardship/file_form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(HouseholdForm(scope=request.scope), PersonForm(holder=True, prefix="holder"))

    def post(self, request: HttpRequest) -> HttpResponse:
        household = HouseholdForm(request.POST, scope=request.scope)
        holder = PersonForm(request.POST, holder=True, prefix="holder")
        if household.is_valid() & holder.is_valid():
            try:
                file = file_open(
                    uuid=household.cleaned_data["uuid"],
                    township=household.cleaned_data["township"],
                    facts=household.facts(),
                    holder=holder.facts(),
                    actor=request.scope,
                )
            except FieldErrors as error:
                of_holder = {k.removeprefix("holder_"): v for k, v in error.fields.items() if k.startswith("holder_")}
                add_errors(holder, FieldErrors(of_holder))
                add_errors(
                    household, FieldErrors({k: v for k, v in error.fields.items() if not k.startswith("holder_")})
                )
            except DomainError as error:
                add_errors(household, error)
            else:
                messages.success(request, f"已建立档案 {file.code}。接着登记家庭成员和收支明细。")
                return redirect("hardship-file", code=file.code)
        return self.show(household, holder, 422)

    def show(self, household: HouseholdForm, holder: PersonForm, status: int = 200) -> HttpResponse:
        return self.page({"form": household, "holder": holder}, status=status)


class FileView(ActsView, PersonalPage):
    """/hardship/<code>/: the file. Opening it with names in view is written down, once a person and day."""

    action = "hardship.view"
    template_name = "hardship/file.html"
    acts = ACTS

    def find(self, request: HttpRequest, **where: Any) -> HardshipFile:
        return get_or_404(file_detail(request.scope), code=where["code"])

    def address(self, subject: HardshipFile) -> str:
        return reverse("hardship-file", args=[subject.code])

    def show(
        self,
        request: HttpRequest,
        subject: HardshipFile,
        *,
        refused: ActForm | None = None,
        act: str = "",
        status: int = 200,
    ) -> HttpResponse:
        seen_by(request.scope, [subject], way=FileLook.Way.PAGE)
        return super().show(request, subject, refused=refused, act=act, status=status)

    def context(self, request: HttpRequest, subject: HardshipFile) -> dict[str, Any]:
        personal = may_see_personal(request.scope, subject)
        today = clock.today()
        found = recommendation_for(subject, today) if personal else None
        members = [member_look(each, today, personal=personal) for each in subject.members.all()]
        answers = {row.ground: row for row in subject.disqualifier_answers.all()}
        return {
            "file": subject,
            "look": state_look(subject.state),
            "personal": personal,
            "holder": name_shown(subject.holder, personal=personal),
            "members": [row for row in members if row["member"].left_on is None],
            "gone": [row for row in members if row["member"].left_on is not None],
            "address": secret_shown(subject, "address", personal=personal),
            "card": secret_shown(subject, "card", personal=personal),
            "causes": [dict(codes.CAUSES)[cause] for cause in subject.secondary_causes],
            "lines": [line for line in subject.income_lines.all() if line.year == subject.income_year],
            "older_years": sorted(
                {line.year for line in subject.income_lines.all() if line.year != subject.income_year}, reverse=True
            ),
            "sums": sums_of(subject) if subject.income_year else None,
            "advice": found[0] if found else None,
            "grounds": [(label, answers.get(ground)) for ground, label in codes.DISQUALIFIERS],
            "gaps": consent_gaps(subject, today, personal=True) if personal and subject.is_live else [],
            "decisions": subject.category_decisions.all(),
            "looks": subject.looks.exclude(way=FileLook.Way.NAME).select_related("actor")[:LOOKS_SHOWN],
            "name_looks": subject.looks.filter(way=FileLook.Way.NAME).count(),
            "may_write": personal and request.may("hardship.write") and subject.is_live,
            "main_panels": panels.render("hardship_file.main", request, subject),
            "side_panels": panels.render("hardship_file.side", request, subject),
        }


class FileEditView(PersonalPage):
    """/hardship/<code>/edit/"""

    action = "hardship.write"
    template_name = "hardship/file_form.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        file = own_file(request, code)
        return self.show(file, HouseholdForm(scope=request.scope, file=file))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        file = own_file(request, code)
        form = HouseholdForm(request.POST, scope=request.scope, file=file)
        status = 422
        if form.is_valid():
            try:
                file_edit(
                    code=code,
                    version=sent_version(request) or 0,
                    facts=form.facts(),
                    township=form.cleaned_data["township"],
                    actor=request.scope,
                )
            except DomainError as error:
                add_errors(form, error)
                status = 409 if isinstance(error, StaleVersion) else 422
            else:
                messages.success(request, "已保存。")
                return redirect("hardship-file", code=code)
        return self.show(file, form, status)

    def show(self, file: HardshipFile, form: HouseholdForm, status: int = 200) -> HttpResponse:
        return self.page({"file": file, "form": form}, status=status)


class MemberView(PersonalPage):
    """/hardship/<code>/members/new/ and /hardship/<code>/members/<pk>/"""

    action = "hardship.write"
    template_name = "hardship/member_form.html"

    def get(self, request: HttpRequest, code: str, pk: int | None = None) -> HttpResponse:
        file = own_file(request, code)
        return self.show(file, self.form(file, pk), pk)

    def post(self, request: HttpRequest, code: str, pk: int | None = None) -> HttpResponse:
        file = own_file(request, code)
        form = self.form(file, pk, request.POST)
        status = 422
        if form.is_valid():
            try:
                member_save(
                    code=code,
                    version=sent_version(request) or 0,
                    member_id=pk,
                    facts=form.facts(),
                    actor=request.scope,
                )
            except DomainError as error:
                add_errors(form, error)
                status = 409 if isinstance(error, StaleVersion) else 422
            else:
                messages.success(request, "已保存。")
                return redirect("hardship-file", code=code)
        return self.show(file, form, pk, status)

    def form(self, file: HardshipFile, pk: int | None, data: Any = None) -> PersonForm:
        if pk is None:
            return PersonForm(data)
        member = get_or_404(file.members.present(), pk=pk)
        return PersonForm(data, member=member, holder=member.is_holder)

    def show(self, file: HardshipFile, form: PersonForm, pk: int | None, status: int = 200) -> HttpResponse:
        return self.page({"file": file, "form": form, "is_new": pk is None}, status=status)


def own_file(request: HttpRequest, code: str) -> HardshipFile:
    """A file whose personal data the reader works with, for a page that shows them. Raises NotFound, Forbidden."""
    file = get_or_404(file_detail(request.scope), code=code)
    if not seen_by(request.scope, [file], way=FileLook.Way.PAGE).reaches(file):
        raise Forbidden(NOT_YOURS)
    return file

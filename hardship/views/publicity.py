"""Pages of the publicity for those who keep the files: lists, a new one, one with its objections, its poster."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.views.acts import Act, ActsView
from casework.views.codes import qr_svg
from hardship import personal
from hardship.forms.publicity import DecideForm, ListForm, RevealForm, StopForm
from hardship.models import FileLook, HardshipFile, Objection, PublicityList
from hardship.process_presentation import objection_row, objection_words, publicity_look
from hardship.services.objections import objection_decide, objection_reveal
from hardship.services.publicity import publicity_start, publicity_stop, to_publicise
from hardship.views.files import PersonalPage
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, Forbidden, Gone, NotFound
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.orgs.models import Unit

ORDER = ("-starts_on", "-id")


class PublicityListView(PageView):
    """/hardship/publicity/: every list in the reader's reach, and the townships whose files wait for one."""

    action = "hardship.process_view"
    template_name = "hardship/publicity/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        lists = PublicityList.objects.visible_to(request.scope).counted().select_related("township", "created_by")
        page = keyset_page(lists, request, order=ORDER)
        today = clock.today()
        return self.page(
            {
                "page": page,
                "rows": [(listed, publicity_look(listed, today)) for listed in page.items],
                "waiting": _by_township(to_publicise(request.scope)) if request.may("hardship.publicity") else [],
            }
        )


def _by_township(files: list[HardshipFile]) -> list[tuple[Unit, int]]:
    found: dict[Unit, int] = {}
    for file in files:
        found[file.township] = found.get(file.township, 0) + 1
    return sorted(found.items(), key=lambda pair: pair[0].code)


class PublicityCreateView(PageView):
    """/hardship/publicity/new/<township>/: the files that wait, and the days."""

    action = "hardship.publicity"
    template_name = "hardship/publicity/form.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        township = get_or_404(Unit.objects.all(), code=code)
        return self.show(township, ListForm(files=self.waiting(request, township)))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        township = get_or_404(Unit.objects.all(), code=code)
        form = ListForm(request.POST, files=self.waiting(request, township))
        status = 422
        if form.is_valid():
            try:
                listed = publicity_start(
                    township=township,
                    proposed=form.proposed(),
                    starts_on=form.cleaned_data["starts_on"],
                    ends_on=form.cleaned_data["ends_on"],
                    actor=request.scope,
                )
            except (Forbidden, NotFound):
                raise
            except DomainError as error:
                add_errors(form, error)
                status = 422 if error.status == 400 else error.status
            else:
                messages.success(request, f"已发布公示名单，{listed.entries.count()} 户。")
                return redirect("hardship-publicity", uuid=listed.uuid)
        return self.show(township, form, status)

    def waiting(self, request: HttpRequest, township: Unit) -> list[HardshipFile]:
        files = to_publicise(request.scope, township)
        if not files:
            raise NotFound("这个镇街现在没有等待公示的档案。")
        return files

    def show(self, township: Unit, form: ListForm, status: int = 200) -> HttpResponse:
        rows = [(file, personal.name_shown(file.holder, personal=False), field) for file, field in form.file_fields]
        return self.page({"township": township, "form": form, "rows": rows}, status=status)


def _keeps(listed: PublicityList, scope: Scope) -> bool:
    """Whether the person may take it down and read what came against it."""
    own = PublicityList.objects.personal_to(scope).filter(pk=listed.pk)
    return allowed(scope, "hardship.publicity") and own.exists()


class PublicityView(ActsView):
    """/hardship/publicity/<uuid>/: what the public reads, for how long, and what it objects to."""

    action = "hardship.process_view"
    template_name = "hardship/publicity/detail.html"
    acts = (
        Act(
            "stop",
            "提前撤下",
            "close-circle",
            StopForm,
            lambda listed, actor, version, given: publicity_stop(uuid=listed.uuid, actor=actor, **given),
            _keeps,
            lambda listed: listed.stopped_at is None and listed.ends_on >= clock.today(),
            lambda listed: "这份名单已经结束，不用再撤下。",
            words="名单立即从公示页面消失，没有公示完的家庭要重新公示。",
            done="已撤下。",
            danger=True,
        ),
    )

    def find(self, request: HttpRequest, **where: Any) -> PublicityList:
        lists = PublicityList.objects.visible_to(request.scope).select_related("township", "created_by")
        return get_or_404(lists, uuid=where["uuid"])

    def address(self, subject: PublicityList) -> str:
        return reverse("hardship-publicity", args=[subject.uuid])

    def context(self, request: HttpRequest, subject: PublicityList) -> dict[str, Any]:
        keeps = _keeps(subject, request.scope)
        objections = Objection.objects.filter(entry__list=subject).select_related("entry", "decided_by")
        today = clock.today()
        return {
            "listed": subject,
            "look": publicity_look(subject, today),
            "entries": subject.entries.select_related("file"),
            "objections": [objection_row(each) for each in objections] if keeps else [],
            "objection_count": objections.count(),
            "address": public_address(subject),
            "keeps": keeps,
            "shows": subject.stopped_at is None and subject.ends_on >= today,
        }


def public_address(listed: PublicityList) -> str:
    """The address of the public page, as phones reach it from outside."""
    return f"{settings.BASE_URL}{reverse('publicity-page', args=[listed.token])}"


class PosterView(PersonalPage):
    """One A4 page to hang up; there is none once the list is over."""

    action = "hardship.publicity"
    template_name = "hardship/publicity/poster.html"

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        lists = PublicityList.objects.personal_to(request.scope).select_related("township")
        listed = get_or_404(lists, uuid=uuid)
        if listed.stopped_at is not None or listed.ends_on < clock.today():
            raise Gone("公示已结束，海报不再提供。请把张贴的海报取下。")
        address = public_address(listed)
        entries = listed.entries.filter(outcome="")
        return self.page({"listed": listed, "entries": entries, "address": address, "qr": qr_svg(address)})


class ObjectionView(PersonalPage):
    """/hardship/objections/<uuid>/: one objection, its decision, and who sent it, for a reason."""

    action = "hardship.publicity"
    template_name = "hardship/publicity/objection.html"

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        return self.show(self.find(request, uuid), DecideForm(), RevealForm())

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        objection = self.find(request, uuid)
        if "reveal" in request.POST:
            return self.reveal(request, objection)
        form = DecideForm(request.POST)
        status = 422
        if form.is_valid():
            try:
                objection_decide(uuid=uuid, actor=request.scope, **form.cleaned_data)
            except DomainError as error:
                add_errors(form, error)
                status = 422 if error.status == 400 else error.status
            else:
                messages.success(request, "已登记核实结论。")
                return redirect("hardship-publicity", uuid=objection.entry.list.uuid)
        return self.show(self.find(request, uuid), form, RevealForm(), status=status)

    def reveal(self, request: HttpRequest, objection: Objection) -> HttpResponse:
        form = RevealForm(request.POST)
        revealed = ""
        if form.is_valid():
            try:
                revealed = objection_reveal(uuid=objection.uuid, actor=request.scope, **form.cleaned_data)
            except DomainError as error:
                add_errors(form, error)
        return self.show(objection, DecideForm(), form, revealed=revealed, status=200 if revealed else 422)

    def find(self, request: HttpRequest, uuid: UUID) -> Objection:
        lists = PublicityList.objects.personal_to(request.scope).values("pk")
        found = Objection.objects.filter(entry__list__in=lists).select_related(
            "entry__list", "entry__file", "decided_by"
        )
        return get_or_404(found, uuid=uuid)

    def show(
        self, objection: Objection, form: DecideForm, reveal: RevealForm, *, revealed: str = "", status: int = 200
    ) -> HttpResponse:
        personal.seen_by(self.request.scope, [objection.entry.file], way=FileLook.Way.PAGE)
        context = {
            "objection": objection,
            "row": {**objection_row(objection), "words": objection_words(objection)},
            "form": form,
            "reveal_form": reveal,
            "revealed": revealed,
        }
        return self.page(context, status=status)

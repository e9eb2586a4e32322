"""Pages of sensing: the sheets that were brought in, a new one, its columns and problems, the rules."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from hardship.forms.sensing import MappingForm, RuleEndForm, RuleForm, UploadForm
from hardship.models import SensedBatch, SensingRule
from hardship.personal import masked_name
from hardship.sensing.reading import Person
from hardship.sensing.sources import SOURCES, fields_of
from hardship.services.sensing import BatchInput, Preview, batch_discard, batch_take, batch_upload, preview
from hardship.services.sensing_rules import rule_add, rule_end
from hardship.views.files import PersonalPage
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, Forbidden, InvalidTransition, NotFound
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.params.values import value

#: Rows and problems a preview shows.
ROWS_SHOWN, PROBLEMS_SHOWN = 5, 100
TONES = {"draft": "warn", "taken": "ok", "discarded": "idle", "purged": "idle"}


class SensingView(PersonalPage):
    """/hardship/leads/sensing/: which sheets there were, why, and until when they are kept."""

    action = "sensing.view"
    template_name = "hardship/sensing/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        page = keyset_page(SensedBatch.objects.select_related("uploaded_by"), request, order=("-uploaded_at", "-id"))
        context = {
            "page": page,
            "rows": [(batch, TONES[batch.state]) for batch in page.items],
            "may_import": request.may("sensing.import"),
        }
        return self.page(context)


class UploadView(PersonalPage):
    """/hardship/leads/sensing/new/."""

    action = "sensing.import"
    template_name = "hardship/sensing/upload.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(UploadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            given = dict(form.cleaned_data)
            uuid, upload = given.pop("uuid"), given.pop("file")
            try:
                batch = batch_upload(uuid=uuid, given=BatchInput(**given), upload=upload, actor=request.scope)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已读入 {batch.row_count} 行，请核对各列后确认导入。")
                return redirect("sensing-batch", batch_uuid=batch.uuid)
        return self.show(form, 422)

    def show(self, form: UploadForm, status: int = 200) -> HttpResponse:
        return self.page({"form": form, "days": int(value("hardship.sensing_days"))}, status=status)


class BatchView(PersonalPage):
    """/hardship/leads/sensing/<uuid>/: while it waits its columns and problems, afterwards what came of it."""

    action = "sensing.view"
    template_name = "hardship/sensing/batch.html"

    def get(self, request: HttpRequest, batch_uuid: UUID) -> HttpResponse:
        batch = self.batch(batch_uuid)
        if batch.state != SensedBatch.State.DRAFT:
            return self.page({"batch": batch, "tone": TONES[batch.state], "results": results(batch)})
        shown = preview(batch)
        return self.waiting(request, batch, shown, self.form(batch, shown, initial=shown.mapping))

    def post(self, request: HttpRequest, batch_uuid: UUID) -> HttpResponse:
        batch = self.batch(batch_uuid)
        step = request.POST.get("step", "")
        if step == "discard":
            batch_discard(batch_uuid=batch_uuid, actor=request.scope)
            messages.success(request, "已放弃，读入的内容已删除。")
            return redirect("sensing")
        if batch.state != SensedBatch.State.DRAFT:
            raise InvalidTransition(f"这份数据{batch.get_state_display()}。")
        shown = preview(batch, {})
        form = self.form(batch, shown, data=request.POST)
        if not form.is_valid():
            return self.waiting(request, batch, shown, form, 422)
        if step == "take":
            try:
                batch = batch_take(
                    batch_uuid=batch_uuid,
                    mapping=form.mapping(),
                    leave_out=form.cleaned_data["leave_out"],
                    actor=request.scope,
                )
            except DomainError as error:
                add_errors(form, error)
                return self.waiting(request, batch, preview(batch, form.mapping()), form, 422)
            messages.success(request, f"已导入 {batch.counts['people']} 人，产生 {batch.counts['leads']} 条线索。")
            return redirect("sensing-batch", batch_uuid=batch.uuid)
        return self.waiting(request, batch, preview(batch, form.mapping()), form)

    def batch(self, batch_uuid: UUID) -> SensedBatch:
        return get_or_404(SensedBatch.objects.select_related("uploaded_by"), uuid=batch_uuid)

    def form(self, batch: SensedBatch, shown: Preview, **options: Any) -> MappingForm:
        return MappingForm(source=SOURCES[batch.source], headings=shown.headings, **options)

    def waiting(
        self, request: HttpRequest, batch: SensedBatch, shown: Preview, form: MappingForm, status: int = 200
    ) -> HttpResponse:
        reading, may_import = shown.reading, request.may("sensing.import")
        context = {
            "batch": batch,
            "tone": TONES[batch.state],
            "form": form,
            "mapping_problems": []
            if form.errors
            else [(fields_of(SOURCES[batch.source])[name], words) for name, words in shown.problems.items()],
            "reading": reading,
            "samples": [_sample(batch, person) for person in reading.people[:ROWS_SHOWN]] if may_import else [],
            "facts": SOURCES[batch.source].facts,
            "problems": reading.problems[:PROBLEMS_SHOWN],
            "more": max(0, len(reading.problems) - PROBLEMS_SHOWN),
            "may_import": may_import,
        }
        return self.page(context, status=status)


def _sample(batch: SensedBatch, person: Person) -> dict[str, Any]:
    """A row of the preview: enough to see whether the columns are right, no more of anybody."""
    facts = SOURCES[batch.source].facts
    return {
        "row": person.row,
        "name": masked_name(person.name),
        "has_id": bool(person.id_number),
        "employer": person.employer,
        "facts": [(fact, fact.shown(person.facts[fact.name]) if fact.name in person.facts else "") for fact in facts],
    }


def results(batch: SensedBatch) -> list[tuple[str, str]]:
    """What came of a batch, in words."""
    counts = batch.counts
    if not counts:
        return []
    told = [
        ("导入", f"{counts['people']} 人"),
        ("略去的行", f"{counts['left_out']} 行有问题，{counts['repeated']} 行重复"),
        (
            "新线索",
            f"{counts['leads']} 条" + (f"，其中 {counts['weak']} 条仅按姓名和单位对上" if counts["weak"] else ""),
        ),
        ("已有线索或已排除过", f"{counts['known']} 条，没有再产生"),
        ("已有档案的变化", f"{counts['signals']} 处，见“提醒”"),
        ("不是名册里的职工", f"{counts['strangers']} 人，没有产生线索"),
    ]
    for name, label in (("ambiguous", "同名同单位分不清"), ("placeless", "不知道属于哪个镇街")):
        if counts[name]:
            told.append((label, f"第 {'、'.join(str(row) for row in counts[name])} 行，没有产生线索，请补齐后重新导入"))
    return told


class RulesView(PageView):
    """/hardship/leads/rules/: the rules in force, those to come and those of before; a new one."""

    action = "sensing.view"
    template_name = "hardship/sensing/rules.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, RuleForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RuleForm(request.POST)
        if form.is_valid():
            try:
                rule = rule_add(actor=request.scope, **form.cleaned_data)
            except Forbidden:
                raise
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已新增规则：{rule}。")
                return redirect("sensing-rules")
        return self.show(request, form, 422)

    def show(
        self, request: HttpRequest, form: RuleForm, status: int = 200, refused: tuple[int, RuleEndForm] | None = None
    ) -> HttpResponse:
        today = clock.today()
        rows = [(rule, rule_look(rule)) for rule in SensingRule.objects.select_related("set_by")]
        context = {
            "form": form,
            "rows": sorted(rows, key=lambda pair: pair[1]["label"] == "已停用"),
            "today": today,
            "refused": refused,
            "threshold": int(value("hardship.lead_threshold")),
            "may_set": request.may("sensing.rules"),
        }
        return self.page(context, status=status)


class RuleEndView(RulesView):
    """/hardship/leads/rules/<pk>/end/."""

    action = "sensing.rules"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return redirect("sensing-rules")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = RuleEndForm(request.POST)
        if form.is_valid():
            try:
                rule = rule_end(rule_id=pk, actor=request.scope, **form.cleaned_data)
            except NotFound:
                raise
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已停用规则：{rule}。")
                return redirect("sensing-rules")
        return self.show(request, RuleForm(), 422, refused=(pk, form))


def rule_look(rule: SensingRule) -> dict[str, str]:
    """Whether a rule counts today, as a chip."""
    today = clock.today()
    if rule.as_rule().in_force(today):
        return {"label": "在用", "tone": "ok"}
    return {"label": "未生效", "tone": "link"} if rule.start_on > today else {"label": "已停用", "tone": "idle"}

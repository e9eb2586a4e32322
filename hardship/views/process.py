"""Pages of a file's process: where it stands, its moves, the home survey and its photos, the forms to print."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from casework.views.acts import Act, ActsView
from hardship import personal
from hardship.forms.plans import NewMeasureForm
from hardship.forms.process import MoveForm, SurveyForm, given_of
from hardship.models import FileLook, HardshipFile, HomeSurvey
from hardship.models.process import process_of
from hardship.process import LEVEL_LABELS, ON_THE_FORM, Level, Move, Order, Step, find_move, moves_of, who_may
from hardship.process_presentation import HELP, LOOKS, timeline, way
from hardship.process_word import FORMS
from hardship.queues import step_label
from hardship.services.moves import file_move
from hardship.services.papers import form_taken, photo_open
from hardship.services.plans import measure_set
from hardship.services.standing import hindrances, open_moves, standings
from hardship.services.surveys import survey_record
from hardship.views.files import PersonalPage
from hardship.views.plans import plan_of
from hardship.workflow import CLOSED_STATES, STATE_LABELS, STATE_TONES, State
from unionportal.core.common import clock
from unionportal.core.common.downloads import word_answer
from unionportal.core.common.errors import DomainError, Forbidden, InvalidTransition, NotFound
from unionportal.core.common.phones import LOST
from unionportal.core.common.scope import Scope
from unionportal.core.common.sealed import Unreadable
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.files.services import attachment_response
from unionportal.core.workcal.days import workdays_left


def found_file(request: HttpRequest, code: str) -> HardshipFile:
    """The file within the reader's reach, with what its standing needs."""
    files = HardshipFile.objects.visible_to(request.scope)
    return get_or_404(files.select_related("township__parent__parent"), code=code)


def _act(move: Move) -> Act:
    return Act(
        move.action,
        move.label,
        LOOKS[move.action][1],
        MoveForm,
        lambda file, actor, version, given: file_move(
            code=file.code, action=move.action, given=given_of(given), actor=actor, version=version
        ),
        lambda file, scope: bool(who_may(process_of(file).order, move.action) & standings(file, scope)),
        lambda file: find_move(process_of(file).order, move.action, file.state) is not None,
        lambda file: f"档案现在是“{STATE_LABELS[file.state]}”，不能{move.label}。",
        words=HELP.get(move.action, ""),
        done=f"已登记：{move.label}。",
        primary=move.primary,
        danger=move.danger,
    )


def _dialog_acts() -> tuple[Act, ...]:
    moves = (m for m in moves_of(Order.PUBLIC_FIRST) if not m.own_page and m.action != Step.PUBLICISE)
    return tuple(_act(move) for move in moves)


PLAN_ACT = Act(
    "measure",
    "制定措施",
    "plus",
    NewMeasureForm,
    lambda file, actor, version, given: measure_set(code=file.code, actor=actor, **given),
    lambda file, scope: personal.may_see_personal(scope, file),
    lambda file: file.state not in CLOSED_STATES and file.state != State.DRAFT,
    lambda file: "档案在办或在档时才能制定措施。",
    done="已制定措施。",
    submit="保存",
)


class FileProcessView(ActsView, PersonalPage):
    """/hardship/<code>/process/: the way of a file and everything said on it."""

    action = "hardship.process_view"
    template_name = "hardship/process/detail.html"
    acts = (*_dialog_acts(), PLAN_ACT)

    def find(self, request: HttpRequest, **where: Any) -> HardshipFile:
        return found_file(request, where["code"])

    def address(self, subject: HardshipFile) -> str:
        return reverse("hardship-process", args=[subject.code])

    def offered(self, request: HttpRequest, subject: HardshipFile, refused: Any, name: str) -> list[Any]:
        """Only what nothing stands in the way of; what was just refused stays open all the same."""
        free = {move.action for move in open_moves(subject, request.scope)} | {PLAN_ACT.name}
        rows = super().offered(request, subject, refused, name)
        return [row for row in rows if row.act.name in free or row.form is refused]

    def context(self, request: HttpRequest, subject: HardshipFile) -> dict[str, Any]:
        process, today = process_of(subject), clock.today()
        steps = list(subject.steps.select_related("actor", "opinion"))
        sees = personal.seen_by(request.scope, [subject], way=FileLook.Way.PAGE).reaches(subject)
        holder = subject.members.get(relation="0")
        moves = {move.action for move in open_moves(subject, request.scope)}
        surveys = HomeSurvey.objects.filter(file=subject).select_related("surveyor").prefetch_related("photos")
        return {
            "file": subject,
            "process": process,
            "name": personal.name_shown(holder, personal=sees),
            "sees": sees,
            "state_label": STATE_LABELS[subject.state],
            "state_tone": STATE_TONES.get(subject.state, "link"),
            "steps": way(subject, process),
            "due_label": step_label(process) if process.awaits else "",
            "due_left": workdays_left(process.due_on, today) if process.due_on else None,
            "events": timeline(steps),
            "opinions": _opinions(steps, process.round),
            "entry": subject.publicity.select_related("list").order_by("-pk").first(),
            "surveys": [(survey, _findings(survey) if sees else "") for survey in surveys],
            "measures": plan_of(subject, today, personal=sees),
            "may_survey": Step.SURVEY in moves,
            "may_publicise": _publicises(subject, process, request.scope),
            "hindrances": hindrances(subject, process, request.scope),
            "papers": [(key, paper.label) for key, paper in FORMS.items() if paper.is_due(subject)] if sees else [],
        }

    def post(self, request: HttpRequest, act: str = "", **where: Any) -> HttpResponse:
        if not request.may("hardship.process"):
            raise Forbidden
        return super().post(request, act, **where)


def _publicises(file: HardshipFile, process: Any, scope: Scope) -> bool:
    waits = process.awaits == Step.PUBLICISE and not file.publicity.filter(outcome="").exists()
    return waits and personal.may_see_personal(scope, file)


def _opinions(steps: list[Any], round_number: int) -> list[tuple[str, Any]]:
    """The latest opinion at each of the three levels in this application."""
    found = []
    for level in Level:
        said = [s for s in steps if (s.level, s.round) == (level, round_number) and s.action in ON_THE_FORM]
        found.append((LEVEL_LABELS[level], next((s for s in reversed(said) if s.opinion and s.actor), None)))
    return found


def _findings(survey: HomeSurvey) -> str:
    try:
        return survey.opened("findings")
    except Unreadable:
        return LOST


class SurveyView(PersonalPage):
    """/hardship/<code>/survey/: the form on the phone."""

    action = "hardship.survey"
    template_name = "hardship/process/survey.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        file = self.file(request, code)
        if Step.SURVEY not in {move.action for move in open_moves(file, request.scope)}:
            raise InvalidTransition(f"档案现在是“{STATE_LABELS[file.state]}”，不用登记入户调查。")
        return self.show(file, SurveyForm(version=file.version))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        file = self.file(request, code)
        form = SurveyForm(request.POST, request.FILES, version=file.version)
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                survey_record(
                    uuid=data["uuid"], code=code, seen=form.seen(), actor=request.scope, version=data["version"]
                )
            except Forbidden:
                raise
            except DomainError as error:
                add_errors(form, error)
                status = 422 if error.status == 400 else error.status
            else:
                messages.success(request, "已登记入户调查。")
                return redirect("hardship-process", code=code)
        return self.show(file, form, status)

    def file(self, request: HttpRequest, code: str) -> HardshipFile:
        file = found_file(request, code)
        if not personal.seen_by(request.scope, [file], way=FileLook.Way.PAGE).reaches(file):
            raise Forbidden("您不能登记这户家庭的入户调查。")
        return file

    def show(self, file: HardshipFile, form: SurveyForm, status: int = 200) -> HttpResponse:
        holder = file.members.get(relation="0")
        return self.page(
            {"file": file, "form": form, "name": personal.name_shown(holder, personal=True)}, status=status
        )


class SurveyPhotoView(PageView):
    """A picture of the household; the look is written down."""

    action = "hardship.survey"

    def get(self, request: HttpRequest, code: str, photo_id: int) -> HttpResponseBase:
        return attachment_response(photo_open(code=code, photo_id=photo_id, actor=request.scope))


class FormWordView(PageView):
    """/hardship/<code>/forms/<paper>/: a form of the file with everything filled in, to print and sign."""

    action = "hardship.forms"

    def get(self, request: HttpRequest, code: str, paper: str) -> HttpResponse:
        file = found_file(request, code)
        if not personal.may_see_personal(request.scope, file):
            raise Forbidden
        if paper not in FORMS:
            raise NotFound
        if not FORMS[paper].is_due(file):
            raise InvalidTransition(FORMS[paper].not_due)
        content = FORMS[paper].write(file)
        form_taken(file=file, paper=paper, actor=request.scope)
        return word_answer(f"{FORMS[paper].label}-{file.code}", content)

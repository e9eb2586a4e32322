"""Shapes of the API: what goes out, and how what comes in is read. Rules are in the services."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils.dateparse import parse_datetime
from rest_framework import serializers

from casework.models import Category, Issue, IssueEvent
from casework.presentation import actor_name
from casework.selectors import active_categories, events_of
from casework.services.intake import DESCRIPTION_LENGTH, TITLE_LENGTH
from casework.services.standing import asked_fields, permitted_moves, required_fields
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise, Unit


class CodeField(serializers.SlugRelatedField):
    """Another object by its stable code."""

    default_error_messages = {
        "does_not_exist": "没有代码为“{value}”的记录，或不在您的范围内。",
        "invalid": "代码应为文字。",
    }


class IssueSerializer(serializers.ModelSerializer):
    """An issue as lists show it; other objects by their codes."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    township = serializers.SlugRelatedField(slug_field="code", read_only=True)
    category = serializers.SlugRelatedField(slug_field="code", read_only=True)
    enterprise = serializers.SlugRelatedField(slug_field="credit_code", read_only=True, allow_null=True)
    holder = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)

    class Meta:
        model = Issue
        fields = [
            "id",
            "code",
            "title",
            "state",
            "outcome",
            "version",
            "township",
            "category",
            "enterprise",
            "holder",
            "received_on",
            "due_on",
            "due_is_provisional",
            "paused_on",
            "extension_days",
            "extended_workdays",
            "reminded_on",
            "remind_count",
            "supervision",
            "accept_due_on",
            "accepted_on",
            "answered_on",
            "follow_up_due_on",
            "followed_up_on",
            "satisfaction",
            "follow_up_mode",
            "closed_on",
        ]


class EventSerializer(serializers.ModelSerializer):
    """One step. `data` holds the columns it changed."""

    actor = serializers.SerializerMethodField()
    unit = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    note = serializers.SerializerMethodField()

    class Meta:
        model = IssueEvent
        fields = [
            "seq",
            "action",
            "from_state",
            "to_state",
            "outcome",
            "actor",
            "unit",
            "note",
            "happened_at",
            "recorded_at",
            "data",
        ]

    def get_actor(self, event: IssueEvent) -> str:
        return actor_name(event)

    def get_note(self, event: IssueEvent) -> str:
        return event.note.text if event.note is not None and event.note.redacted_at is None else ""


class IssueDetailSerializer(IssueSerializer):
    """An issue with its content, its steps, and what the reader can do now."""

    assignee = serializers.CharField(source="assignee.username", default=None, read_only=True)
    registered_by = serializers.CharField(source="registered_by.display_name", default="", read_only=True)
    main = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    actions = serializers.SerializerMethodField()
    events = serializers.SerializerMethodField()

    class Meta(IssueSerializer.Meta):
        fields = [
            *IssueSerializer.Meta.fields,
            "description",
            "assignee",
            "registered_by",
            "source_kind",
            "source_uuid",
            "main",
            "promise_workdays",
            "promise_in",
            "paused_workdays",
            "supervised_on",
            "assigned_on",
            "workdays_to_close",
            "redo_count",
            "bounce_count",
            "reopen_count",
            "actions",
            "events",
        ]

    def get_actions(self, issue: Issue) -> list[dict[str, Any]]:
        """The moves the reader can make now: action, label, fields asked, required ones, outcomes to choose from."""
        scope: Scope = self.context["scope"]
        return [
            {
                "action": move.action,
                "label": move.label,
                "fields": list(asked_fields(issue, move)),
                "required": sorted(required_fields(issue, move)),
                "outcomes": sorted(move.outcomes),
            }
            for move in permitted_moves(issue, scope)
        ]

    def get_events(self, issue: Issue) -> list[dict[str, Any]]:
        return list(EventSerializer(events_of(issue), many=True).data)


class NewIssueSerializer(serializers.Serializer):
    """Registration by hand. `id` is made by the client, so a retry is the same row; `township` may be left to the enterprise."""

    id = serializers.UUIDField(source="uuid", default=uuid4)
    title = serializers.CharField(max_length=TITLE_LENGTH)
    description = serializers.CharField(max_length=DESCRIPTION_LENGTH, required=False, allow_blank=True, default="")
    category = CodeField(slug_field="code", queryset=Category.objects.none())
    township = CodeField(slug_field="code", queryset=Unit.objects.townships(), required=False)
    enterprise = CodeField(
        slug_field="credit_code", queryset=Enterprise.objects.none(), required=False, allow_null=True, default=None
    )
    received_on = serializers.DateField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if scope := self.context.get("scope"):
            self.fields["enterprise"].queryset = Enterprise.objects.visible_to(scope).select_related("township")
            self.fields["category"].queryset = active_categories()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "township" not in attrs:
            if attrs["enterprise"] is None:
                raise serializers.ValidationError({"township": "请给出镇街代码，或给出企业。"})
            attrs["township"] = attrs["enterprise"].township
        return attrs


class MoveRequestSerializer(serializers.Serializer):
    """What a move takes; which of it must be given, is in the issue's `actions`."""

    version = serializers.IntegerField()
    main = serializers.CharField(required=False)
    note = serializers.CharField(required=False, allow_blank=True)
    answer = serializers.CharField(required=False, allow_blank=True)
    unit = serializers.CharField(required=False)
    outcome = serializers.CharField(required=False, allow_blank=True)
    satisfaction = serializers.CharField(required=False, allow_blank=True)
    days = serializers.IntegerField(required=False)
    mode = serializers.CharField(required=False, allow_blank=True)
    units = serializers.ListField(child=serializers.CharField(), required=False)
    bodies = serializers.ListField(child=serializers.CharField(), required=False)
    happened_at = serializers.DateTimeField(required=False)


def read_move(payload: Any, scope: Scope) -> tuple[dict[str, Any], dict[str, str]]:
    """What a client sent for a move, and what of it could not be read. Nothing is refused here: who may do what comes first."""
    if not isinstance(payload, dict) and not hasattr(payload, "get"):
        return {"version": None}, {"version": "请求内容应为一个对象。"}
    given: dict[str, Any] = {"version": None}
    problems: dict[str, str] = {}
    _read_whole("version", "版本号应为整数。", payload, given, problems)
    _read_whole("days", "天数应为整数。", payload, given, problems)
    for name in ("note", "answer", "outcome", "satisfaction", "mode"):
        value = payload.get(name)
        if isinstance(value, str):
            given[name] = value
        elif value is not None:
            problems[name] = "应为文字。"
    _read_unit(payload.get("unit"), given, problems)
    _read_main(payload.get("main"), scope, given, problems)
    _read_parties(payload, given, problems)
    _read_time(payload.get("happened_at"), given, problems)
    return given, problems


def _read_whole(name: str, complaint: str, payload: Any, given: dict[str, Any], problems: dict[str, str]) -> None:
    value = payload.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        given[name] = value
    elif value not in (None, ""):
        problems[name] = complaint


def _read_unit(code: Any, given: dict[str, Any], problems: dict[str, str]) -> None:
    if code in (None, ""):
        return
    unit = Unit.objects.filter(code=code).first() if isinstance(code, str) else None
    if unit is None:
        problems["unit"] = "没有这个代码的单位。"
    else:
        given["unit"] = unit


def _read_main(code: Any, scope: Scope, given: dict[str, Any], problems: dict[str, str]) -> None:
    if code in (None, ""):
        return
    main = Issue.objects.visible_to(scope).filter(code=code).first() if isinstance(code, str) else None
    if main is None:
        problems["main"] = "没有这个编号的诉求，或不在您的查看范围内。"
    else:
        given["main"] = main


def _read_parties(payload: Any, given: dict[str, Any], problems: dict[str, str]) -> None:
    for name in ("units", "bodies"):
        value = payload.get(name)
        if value is None:
            continue
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            problems[name] = "应为文字的列表。"
        elif name == "bodies":
            given["bodies"] = value
        else:
            given["units"] = list(Unit.objects.filter(code__in=value))
            missing = sorted(set(value) - {unit.code for unit in given["units"]})
            if missing:
                problems["units"] = f"没有代码为“{missing[0]}”的单位。"


def _read_time(text: Any, given: dict[str, Any], problems: dict[str, str]) -> None:
    if text in (None, ""):
        return
    moment: datetime | None = None
    if isinstance(text, str):
        try:
            moment = parse_datetime(text)
        except ValueError:
            moment = None
    if moment is None:
        problems["happened_at"] = "时间应写成 2024-09-12T09:20:00+08:00 的形式。"
    else:
        given["happened_at"] = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)

"""What import-linter cannot see: foreign keys by string and tasks by name keep to the floors of docs/architecture.md too."""

import ast
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Model

from unionportal.celery import app

ROOT = Path(settings.BASE_DIR)
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
PACKAGES = tuple(CONTRACTS["root_packages"])


def layers(name: str) -> list[list[str]]:
    """The floors of a contract, the highest first; those side by side in one list."""
    (contract,) = [one for one in CONTRACTS["contracts"] if one["name"] == name]
    prefix = "".join(f"{container}." for container in contract.get("containers", ()))
    return [
        [prefix + part.strip() for part in layer.replace("|", ":").split(":") if part.strip()]
        for layer in contract["layers"]
    ]


HOUSE, CORE = layers("Imports go down only"), layers("Inside the core")


def floor(module: str) -> tuple[int, int, str]:
    """How far down a module stands, in the house and in the core, and whose it is."""
    outer, name = _place(HOUSE, module)
    if name != "unionportal.core":
        return outer, 0, name
    return outer, *_place(CORE, module)


def _place(storeys: list[list[str]], module: str) -> tuple[int, str]:
    for number, names in enumerate(storeys):
        for name in names:
            if module == name or module.startswith(f"{name}."):
                return number, name
    raise AssertionError(f"{module} stands on no floor")


def reaches_up(source: str, target: str) -> bool:
    """Whether a module may not know another: one above it, or one beside it."""
    here, there = floor(source), floor(target)
    return here[2] != there[2] and there[:2] <= here[:2]


def ours(module: str) -> bool:
    return module.partition(".")[0] in PACKAGES


def keys() -> Iterator[tuple[str, type[Model], type[Model]]]:
    """Every relation one of our models declares to another of ours, the user model aside."""
    for model in apps.get_models(include_auto_created=True):
        if not ours(model.__module__):
            continue
        for field in model._meta.get_fields():
            target: Any = field.related_model
            if field.auto_created or target is None or not ours(target.__module__):
                continue
            if target is not get_user_model():
                yield f"{model._meta.label}.{field.name}", model, target


def test_the_floors_tell_up_from_down() -> None:
    assert reaches_up("unionportal.core.orgs.models", "visits.models")
    assert reaches_up("hardship.models", "stations.models")
    assert reaches_up("unionportal.core.files.models", "unionportal.core.workcal.models")
    assert reaches_up("unionportal.core.audit.models", "unionportal.core.orgs.models")
    assert not reaches_up("unionportal.reporting.models", "casework.models")
    assert not reaches_up("unionportal.core.accounts.models", "unionportal.core.orgs.models")


def test_no_foreign_key_reaches_up() -> None:
    found = list(keys())
    assert len(found) > 150
    assert [name for name, model, target in found if reaches_up(model.__module__, target.__module__)] == []


def registered() -> dict[str, str]:
    """Name of a task -> the module it stands in."""
    app.loader.import_default_modules()
    return {name: task.__module__ for name, task in app.tasks.items() if ours(task.__module__)}


def test_a_task_is_called_after_its_app() -> None:
    found = registered()
    assert len(found) > 15
    strange = {name for name, module in found.items() if name.partition(".")[0] != _app_of(module)}
    assert strange == set()


def _app_of(module: str) -> str:
    config = apps.get_containing_app_config(module)
    assert config is not None
    return config.label


def test_every_task_of_the_timetable_is_there() -> None:
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} - registered().keys() == set()


def test_every_task_enqueued_by_name_is_there() -> None:
    named = dict(enqueued())
    assert len(named) >= 6
    assert {place: name for place, name in named.items() if name not in registered()} == {}


def enqueued() -> Iterator[tuple[str, str]]:
    """Where `soon_by_name` is called -> the name it is given, spelled out or by a constant of the module."""
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            module = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "soon_by_name":
                    name = node.args[0]
                    given = name.value if isinstance(name, ast.Constant) else _constant(module, ast.unparse(name))
                    yield f"{module}:{node.lineno}", given


def _constant(module: str, name: str) -> str:
    found: Any = import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    return str(found)

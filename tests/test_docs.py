"""The README says what the code does: every setting, command, target and secret, and nothing that is gone."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version

import click
from packaging.requirements import Requirement
from pydantic import BaseModel

from bot.cli import main as bot_cli
from bot.config import API_TOKEN, EVIDENCE_KEY, METRICS_TOKEN, TOKEN, WEBHOOK_SECRET, Settings
from intents.__main__ import main as intents_cli
from tests.site import REPO

README = (REPO / "README.md").read_text(encoding="utf-8")


def settings_of(model: type[BaseModel], prefix: str = "") -> set[str]:
    found = set()
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found |= settings_of(kind, f"{prefix}{name}.")
        else:
            found.add(prefix + name)
    return found


def section(title: str) -> str:
    return README.split(f"## {title}", 1)[1].split("\n## ", 1)[0]


def test_every_setting_is_documented_and_no_other() -> None:
    documented = set(re.findall(r"^\| `([a-z_.]+)` \|", section("Settings"), re.MULTILINE))
    assert documented == settings_of(Settings)


def test_every_default_is_the_code_s() -> None:
    rows = dict(re.findall(r"^\| `([a-z_.]+)` \|.*\| `([^`]+)` \|$", section("Settings"), re.MULTILINE))
    for name, default in rows.items():
        value: object = Settings
        for part in name.split("."):
            field = (value if isinstance(value, type) else type(value)).model_fields[part]  # type: ignore[attr-defined]
            value = field.annotation if field.is_required() else field.default
        assert str(value) == default, name


def test_every_verb_is_documented_and_has_help() -> None:
    for module, group in (("bot", bot_cli), ("intents", intents_cli)):
        assert isinstance(group, click.Group)
        for name, command in group.commands.items():
            assert f"`python -m {module} {name}" in README
            assert command.help, name
            for parameter in command.params:
                assert not isinstance(parameter, click.Option) or f"--{parameter.opts[0][2:]}" in README, parameter.opts


def test_every_target_of_the_makefile_is_documented() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (REPO / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(targets) > 5
    for target in targets:
        assert f"make {target}" in README, target


def test_the_secrets_are_named() -> None:
    for name in (TOKEN, WEBHOOK_SECRET, EVIDENCE_KEY, API_TOKEN, METRICS_TOKEN):
        assert name in README


def test_every_folder_the_readme_names_exists() -> None:
    for folder in re.findall(r"^\| `([a-z/]+/)` \|", README, re.MULTILINE):
        assert (REPO / folder).is_dir(), folder


def test_the_lock_holds_what_the_project_asks_for_and_names_no_host() -> None:
    lock = (REPO / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    pins = dict(line.split("==") for line in lock.split())
    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for text in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        wanted = Requirement(text)
        name = next(pin for pin in pins if pin.lower().replace("_", "-") == wanted.name.lower().replace("_", "-"))
        assert wanted.specifier.contains(pins[name]), text
        assert version(wanted.name) == pins[name], f"{wanted.name}: run `make clean` and start again"

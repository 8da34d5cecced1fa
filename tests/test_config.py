from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import load_secrets, load_settings
from bot.documents import DocumentError
from tests.site import REPO, settings


def write(path: Path, data: dict[str, Any]) -> Path:
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path


def test_the_settings_in_the_repository_are_valid() -> None:
    assert load_settings(REPO / "config.yaml").site.hotline == "1022"


@pytest.mark.parametrize(
    ("section", "key", "value", "says"),
    [
        ("site", "time_zone", "Asia/Saigonn", "is not a time zone"),
        ("site", "portal", "http://x", "pattern"),
        ("storage", "synchronous", "sometimes", "'full' or 'normal'"),
        ("storage", "url", "mysql://x", "pattern"),
        ("limits", "sends_per_second", 0, "greater than or equal to 1"),
        ("log", "level", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("limits", "sends_per_secnd", 3, "fix its name"),
    ],
)
def test_a_wrong_setting_is_reported_with_file_key_value_and_what_is_allowed(
    tmp_path: Path, section: str, key: str, value: Any, says: str
) -> None:
    data = settings()
    data[section] = data.get(section, {}) | {key: value}
    path = write(tmp_path / "config.yaml", data)
    with pytest.raises(DocumentError) as caught:
        load_settings(path)
    text = str(caught.value)
    assert f"{path}:" in text
    assert f"[{section}.{key}]" in text
    assert str(value) in text
    assert says in text


def test_a_webhook_without_an_address_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "config.yaml", settings(channels={"telegram": {"mode": "webhook"}}))
    with pytest.raises(DocumentError, match=r"channels\.telegram\.webhook\.url"):
        load_settings(path)


def test_secrets_come_from_the_environment_and_are_never_shown() -> None:
    secrets = load_secrets({"TELEGRAM_TOKEN": "1:secret", "TELEGRAM_WEBHOOK_SECRET": "hidden"})
    assert secrets.telegram_token == "1:secret"
    assert "secret" not in repr(secrets).replace("Secrets", "")
    assert "hidden" not in repr(secrets)


def test_an_empty_variable_is_no_secret() -> None:
    assert load_secrets({"TELEGRAM_TOKEN": ""}).telegram_token is None


@pytest.mark.parametrize(
    ("hours", "says"),
    [
        ({"mon": [["11:30", "07:30"]]}, "is not hours in order"),
        ({"mon": [["07:30", "11:30"], ["11:00", "17:00"]]}, "is not hours in order"),
        ({"mon": [[450, 690]]}, "with the quotes"),  # what YAML makes of 7:30 without them
        ({"monday": [["07:30", "11:30"]]}, "'mon'"),
    ],
)
def test_office_hours_that_cannot_be_are_reported(tmp_path: Path, hours: dict[str, Any], says: str) -> None:
    with pytest.raises(DocumentError) as caught:
        load_settings(write(tmp_path / "config.yaml", settings(handover={"hours": hours})))
    assert f"[handover.hours.{next(iter(hours))}" in str(caught.value)
    assert says in str(caught.value)

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.staff.authority import ROLES, Authority, Capability, Role

CAPABILITIES: tuple[Capability, ...] = get_args(Capability)
AUTHORITY = Authority(frozenset({("telegram", "900")}))


@given(st.sets(st.sampled_from(ROLES)))
def test_whoever_was_granted_roles_has_those(granted: set[Role]) -> None:
    assert AUTHORITY.roles("telegram", "1", granted) == granted


@given(st.lists(st.text(max_size=12).filter(lambda role: role not in ROLES)))
def test_unknown_roles_give_nothing(granted: list[str]) -> None:
    roles = AUTHORITY.roles("telegram", "1", granted)
    assert roles == frozenset()
    assert not any(AUTHORITY.may(roles, capability) for capability in CAPABILITIES)


@pytest.mark.parametrize("written", ["Admin", "admin ", "ADMIN", "administrator"])
def test_a_role_counts_only_as_it_is_written(written: str) -> None:
    assert AUTHORITY.roles("telegram", "1", [written]) == frozenset()


def test_an_unknown_role_does_not_spoil_a_known_one() -> None:
    assert AUTHORITY.roles("telegram", "1", ["boss", "editor"]) == {"editor"}


def test_the_settings_make_administrators() -> None:
    assert AUTHORITY.roles("telegram", "900", []) == {"admin"}


@pytest.mark.parametrize(("channel", "external"), [("console", "900"), ("telegram", "9000"), ("900", "telegram")])
def test_the_settings_administrators_are_so_only_on_their_channel(channel: str, external: str) -> None:
    assert AUTHORITY.roles(channel, external, []) == frozenset()


def test_an_administrator_by_the_settings_keeps_the_roles_that_were_granted() -> None:
    assert AUTHORITY.roles("telegram", "900", ["editor"]) == {"admin", "editor"}


def test_without_settings_nobody_is_an_administrator() -> None:
    assert Authority().roles("telegram", "900", []) == frozenset()


def test_granted_roles_may_come_from_an_iterator() -> None:
    assert AUTHORITY.roles("telegram", "1", iter(["editor"])) == {"editor"}


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_an_administrator_may_everything(capability: Capability) -> None:
    assert AUTHORITY.may({"admin"}, capability)


@pytest.mark.parametrize("capability", ["manage-staff", "read-audit"])
def test_only_an_administrator_manages_staff_and_reads_the_audit(capability: Capability) -> None:
    assert [role for role in ROLES if AUTHORITY.may([role], capability)] == ["admin"]


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_whoever_was_revoked_may_nothing(capability: Capability) -> None:
    assert not AUTHORITY.may(AUTHORITY.roles("telegram", "1", []), capability)


@given(st.sets(st.sampled_from(ROLES)), st.sampled_from(CAPABILITIES))
def test_several_roles_may_what_one_of_them_may_and_no_more(roles: set[Role], capability: Capability) -> None:
    assert AUTHORITY.may(roles, capability) == any(AUTHORITY.may([role], capability) for role in roles)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("editor", {"review-content", "create-groups", "answer-people", "write-broadcasts"}),
        ("analyst", {"read-metrics", "create-groups"}),
        ("group_owner", {"create-groups"}),
        ("community", {"assist-learning", "create-groups"}),
        ("agent", {"answer-people"}),
    ],
)
def test_each_role_may_what_its_work_needs(role: Role, may: set[Capability]) -> None:
    assert {capability for capability in CAPABILITIES if AUTHORITY.may([role], capability)} == may

"""Who may use the bot, and how much. It fails closed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.memory.access import INVITATION_DAYS, Door, Limit
from bot.memory.state import State
from tests.bot.waiting import done


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State(tmp_path / "bot.sqlite") as opened:
        yield opened


def door(state: State, *, closed: bool = True) -> Door:
    return Door(state, closed, users={7}, groups={-5}, admins={1})


def test_an_open_door_admits_everybody_and_makes_nobody_an_administrator(state: State) -> None:
    opened = door(state, closed=False)
    assert done(opened.admits(99, 99))
    assert not opened.is_admin(99)


@pytest.mark.parametrize(
    ("user", "chat", "admitted"),
    [
        (7, 7, True),
        (7, -9, True),  # by user, wherever they are
        (7, None, True),
        (1, 1, True),
        (9, -5, True),
        (9, 9, False),  # a group's member is nobody elsewhere
        (9, None, False),
        (9, 7, False),  # a chat is no user
        (-5, 9, False),
        (0, 0, False),
    ],
)
def test_a_closed_door(state: State, user: int, chat: int | None, admitted: bool) -> None:  # noqa: FBT001 - a table's column
    assert done(door(state).admits(user, chat)) is admitted


def test_an_invitation_lets_one_person_in_for_good(state: State) -> None:
    one = door(state)
    code = done(one.invite(1))
    assert done(one.invite(1)) != code
    assert done(one.redeem(code, 9))
    assert not done(one.redeem(code, 10))
    assert done(one.admits(9, 9))
    assert not done(one.admits(10, 10))
    assert not one.is_admin(9)
    assert not done(one.redeem("", 10))


def test_an_invitation_expires(state: State) -> None:
    code = done(door(state).invite(1))
    state.change("UPDATE invitations SET at = at - ?", INVITATION_DAYS * 24 * 3600 + 1)
    assert not done(door(state).redeem(code, 9))


def test_a_bucket_refills() -> None:
    now = [0.0]
    limit = Limit(3, lambda: now[0])
    assert [limit.wait(7) for _ in range(3)] == [0, 0, 0]
    assert limit.wait(7) == pytest.approx(20)
    assert limit.wait(8) == 0
    now[0] = 15.0
    assert limit.wait(7) == pytest.approx(5)
    now[0] = 20.0
    assert limit.wait(7) == 0
    assert limit.wait(7) == pytest.approx(20)
    now[0] = 1000.0
    assert [limit.wait(7) for _ in range(4)] == [0, 0, 0, pytest.approx(20)]


def test_a_refusal_is_said_once_a_minute() -> None:
    now = [0.0]
    limit = Limit(1, lambda: now[0])
    limit.wait(7)
    assert [limit.is_first_refusal(7) for _ in range(2)] == [True, False]
    now[0] = 59.0
    assert not limit.is_first_refusal(7)
    now[0] = 60.0
    assert limit.is_first_refusal(7)

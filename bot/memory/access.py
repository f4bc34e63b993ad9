"""Who may use the bot, and how much: lists, invitations, and limits. Keyed by user."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass

from bot.memory.state import State, remembered

INVITATION_DAYS = 7
INVITATION_S = INVITATION_DAYS * 24 * 3600
TRIES_A_MINUTE = 3
"""Invitation codes that one stranger may try; a code has 72 random bits."""

MOST_BUCKETS = 10_000
MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Door:
    """Lets in who may use the bot.

    :ivar closed: whether only those may who are named or invited.
    """

    state: State
    closed: bool
    users: Collection[int]
    groups: Collection[int]
    admins: Collection[int]

    async def admits(self, user_id: int, chat_id: int | None) -> bool:
        """Return whether a user may use the bot, in a chat or (None) inline."""
        if not self.closed:
            return True
        if user_id in self.users or user_id in self.admins or chat_id in self.groups:
            return True
        return await self._is_known(user_id, chat_id)

    @remembered
    def _is_known(self, user_id: int, chat_id: int | None) -> bool:
        """Return whether somebody was invited, or asks where an allowed group has moved to."""
        if self.state.rows("SELECT 1 FROM members WHERE user_id = ?", user_id):
            return True
        sql = "SELECT old_id FROM moves WHERE new_id = ?"
        return any(old in self.groups for (old,) in self.state.rows(sql, chat_id))

    def is_admin(self, user_id: int) -> bool:
        """Return whether a user is an administrator."""
        return user_id in self.admins

    @remembered
    def invite(self, admin_id: int) -> str:
        """Return a code that lets one person in, once."""
        code = secrets.token_urlsafe(9)
        self.state.change("INSERT INTO invitations VALUES (?, ?, ?)", code, admin_id, time.time())
        return code

    @remembered
    def redeem(self, code: str, user_id: int) -> bool:
        """Let a user in for good if the code is valid and unused."""
        sql = "DELETE FROM invitations WHERE code = ? AND at >= ?"
        used = self.state.change(sql, code, time.time() - INVITATION_S)
        if used:
            sql = "INSERT OR REPLACE INTO members VALUES (?, ?)"
            self.state.change(sql, user_id, time.time())
        return bool(used)

    @remembered
    def tidy(self) -> None:
        """Erase invitations that nobody can use any more."""
        self.state.change("DELETE FROM invitations WHERE at < ?", time.time() - INVITATION_S)


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float
    refused_until: float = 0.0


class Limit:
    """Token buckets: so many things a minute for each key, and as many at once."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = float(per_minute)
        self._clock = clock
        self._buckets: OrderedDict[int, _Bucket] = OrderedDict()

    def wait(self, key: int) -> float:
        """Take a token; return 0, or the seconds until there is one."""
        now = self._clock()
        bucket = self._buckets.setdefault(key, _Bucket(self._most, now))
        self._buckets.move_to_end(key)
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        refilled = bucket.tokens + (now - bucket.at) * self._most / MINUTE_S
        bucket.tokens, bucket.at = min(self._most, refilled), now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0.0
        return (1 - bucket.tokens) * MINUTE_S / self._most

    def is_first_refusal(self, key: int) -> bool:
        """Return whether to say so politely: once a minute for each key."""
        now = self._clock()
        bucket = self._buckets[key]
        if now < bucket.refused_until:
            return False
        bucket.refused_until = now + MINUTE_S
        return True

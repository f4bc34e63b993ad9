"""A local Bot API server for tests: refuses what Telegram refuses, in Telegram's words."""

from tests.botapi.errors import ApiError
from tests.botapi.server import TOKEN, BotApiServer
from tests.botapi.world import Sent

__all__ = ["TOKEN", "ApiError", "BotApiServer", "Sent"]

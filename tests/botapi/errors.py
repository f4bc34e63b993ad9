"""What the server answers when it refuses."""

from typing import Any


class ApiError(Exception):
    """A refusal.

    :ivar code: HTTP status and ``error_code``.
    :ivar description: Telegram's words.
    :ivar parameters: ``ResponseParameters``, such as ``{"retry_after": 3}``.
    """

    def __init__(
        self, code: int, description: str, parameters: dict[str, Any] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters or {}

    def body(self) -> dict[str, Any]:
        """Return the refusal as the Bot API shows it."""
        shown = {"ok": False, "error_code": self.code, "description": self.description}
        return shown | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(reason: str) -> ApiError:
    """400, worded as Telegram words it."""
    return ApiError(400, f"Bad Request: {reason}")


def too_many_requests(seconds: int) -> ApiError:
    """429; the bot must wait so many seconds."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def unauthorized() -> ApiError:
    """401: another bot's token."""
    return ApiError(401, "Unauthorized: invalid token specified")


def method_not_found() -> ApiError:
    """404: no such method, or not one that this server knows."""
    return ApiError(404, "Not Found: method not found")


def blocked() -> ApiError:
    """403: the user wants to hear nothing from the bot."""
    return ApiError(403, "Forbidden: bot was blocked by the user")


def unacquainted() -> ApiError:
    """403: the user has been seen in a group, but has never written to the bot."""
    return ApiError(403, "Forbidden: bot can't initiate conversation with a user")


def upgraded(chat_id: int) -> ApiError:
    """400: the group has become a supergroup, which has another id."""
    return ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": chat_id},
    )


def second_poller() -> ApiError:
    """409: what the *first* of two pollers gets."""
    return ApiError(
        409,
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    )


def webhook_active() -> ApiError:
    """409: updates are being pushed, so they cannot be fetched."""
    return ApiError(
        409,
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first",
    )

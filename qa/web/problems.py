"""Errors as RFC 9457 wants them: a status, and a sentence that says what to do.

https://www.rfc-editor.org/rfc/rfc9457
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"


class Problem(HTTPException):
    """A request cannot be answered; the detail is meant for whoever made it.

    :ivar also: further members of the object.
    """

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        headers: Mapping[str, str] | None = None,
        **also: Any,
    ) -> None:
        super().__init__(status, detail, dict(headers or {}))
        self.also = also


class ProblemDetails(BaseModel):
    """What an error looks like."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field(description="What was expected, what was found, what to do.")
    request_id: str = Field(description="By which the request stands in the log.")


def as_object(error: HTTPException, request_id: str, path: str = "") -> dict[str, Any]:
    """Return the object of a problem.

    :param path: programs made for OpenAI's interface, below ``/v1/``, look for ``error``.
    """
    status = HTTPStatus(error.status_code)
    detail = str(error.detail)
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "request_id": request_id,
    }
    if isinstance(error, Problem):
        problem |= error.also
    if path.startswith("/v1/"):
        kind = "invalid_request_error" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "api_error"
        problem["error"] = {"message": detail, "type": kind, "param": None, "code": None}
    return problem

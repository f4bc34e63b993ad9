"""Parameters in the bodies of requests, in the forms that the Bot API takes."""

import json
from collections.abc import Iterator
from email.parser import BytesParser
from email.policy import HTTP


def from_json(body: bytes) -> dict[str, str]:
    """Return the parameters in a JSON object; those that are no text as JSON.

    :raises ValueError: in Telegram's words.
    """
    try:
        values = json.loads(body)
    except ValueError:
        raise ValueError("can't parse JSON object") from None
    if not isinstance(values, dict):
        raise ValueError("can't parse JSON object")  # noqa: TRY004 - Telegram's one answer to both
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in values.items()
    }


def from_multipart(kind: str, body: bytes) -> Iterator[tuple[str, str]]:
    """Yield the parameters in a form with files, which are taken for text.

    :param kind: the request's content type.
    """
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + kind.encode() + b"\n\n" + body
    )
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            yield name, content.decode()

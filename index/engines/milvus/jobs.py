"""Jobs by which a server imports files of its object store, asked for over its REST interface.

Only that has them: a server answers HTTP at the address and port at which it answers gRPC.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from index.engines.milvus.client import Address
from index.engines.milvus.faults import meaning
from index.errors import EngineUnavailable

_PATH = "/v2/vectordb/jobs/import"
_GOOD = (0, 200)
"""What servers of different versions call success."""

COMPLETED, FAILED = "Completed", "Failed"


@dataclass(frozen=True, slots=True)
class Job:
    """How far a job is.

    :ivar percent: from 0 to 100.
    :ivar reason: why it failed; else empty.
    """

    id: str
    state: str
    percent: int
    reason: str

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in (COMPLETED, FAILED)


class Jobs:
    """The jobs of a server.

    Every method raises ``EngineUnavailable`` when the server cannot be reached, does not answer in time
    or refuses the token; ``Absent`` when there is no such collection or job.
    """

    def __init__(self, address: Address) -> None:
        if not address.uri.startswith(("http://", "https://")):
            raise EngineUnavailable(
                f"expected the address of a server, found {address.uri}: milvus-lite imports no files"
            )
        self._address = address

    def begun(self, collection: str) -> list[Job]:
        """Return the jobs of a collection that a server still knows, in no order."""
        told = self._ask("list", {"collectionName": collection})
        return [_job(one) for one in told.get("records") or []]

    def create(self, collection: str, files: Sequence[str]) -> str:
        """Let the server import files; return the job's number.

        :param files: their paths in the object store.
        """
        asked = {"collectionName": collection, "files": [[file] for file in files]}
        return str(self._ask("create", asked)["jobId"])

    def read(self, number: str) -> Job:
        """Return how far a job is."""
        return _job({"jobId": number, **self._ask("describe", {"jobId": number})})

    def _ask(self, what: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        place = f"Milvus at {self._address.uri}"
        token = self._address.token
        try:
            answer = httpx.post(
                f"{self._address.uri.rstrip('/')}{_PATH}/{what}",
                json=dict(asked),
                headers={"Authorization": f"Bearer {token}"} if token else {},
                timeout=self._address.timeout_s,
            )
            told = answer.json()
            code, data = int(told["code"]), told.get("data") or {}
        except httpx.HTTPError as error:
            raise meaning(place, f"unavailable: {error!r}") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EngineUnavailable(
                f"{place}: expected an answer of Milvus' REST interface, found HTTP status "
                f"{answer.status_code}"
            ) from error
        if code not in _GOOD:
            raise meaning(place, str(told.get("message") or f"error {code}"))
        return dict(data)


def _job(told: Mapping[str, Any]) -> Job:
    return Job(
        id=str(told.get("jobId", "")),
        state=str(told.get("state", "")),
        percent=int(told.get("progress") or 0),
        reason=str(told.get("reason") or ""),
    )

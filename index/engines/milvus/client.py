"""Calls to Milvus, with errors in the house's words. The only module that imports pymilvus."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, TypeAlias

import grpc
import numpy as np
from pymilvus import DataType, MilvusClient, MilvusException

from index.engines.milvus.faults import Absent, Unloaded, meaning
from index.engines.milvus.schema import Field
from index.errors import EngineUnavailable

_TEXT_BYTES = 65_535
_OLDEST = (2, 6)
"""The first version of the server that changes single fields of rows."""

_AT_ONCE = 1_000
"""Rows written in one call, and rows read by their numbers."""

_PAGE = 10_000
"""Rows read in one call when all are read; a server gives 16,384 at most."""

MOST = 16_384
"""Hits that a search may ask for."""

_GRAPH = {
    "index_type": "HNSW_SQ",
    "params": {"M": 16, "efConstruction": 200, "sq_type": "SQ8"},
}
_IN_SIGHT = 300
"""Vectors that a search keeps in sight while it walks the graph, at least (docs/scale.md)."""

_LITE = "milvus_lite"

_OPTIONS = {
    # A new connection does not wait until one that was lost may be tried again.
    "grpc.use_local_subchannel_pool": 1,
    # The library would look every ten seconds whether an idle connection lives, and milvus-lite ends
    # those that do so before five minutes are over; gateways, those that do not in six.
    "grpc.keepalive_time_ms": 310_000,
}

Row: TypeAlias = dict[str, Any]

# What goes wrong is raised; the library would log it too, with a traceback each time.
logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
# milvus-lite in this process knows no time stamps, which the library asks for when it reads all rows.
logging.getLogger("grpc._server").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Address:
    """Which Milvus keeps an archive's index, and under which names.

    :ivar uri: ``http://host:port``, or a file that ends in ``.db`` for milvus-lite in this process.
    :ivar token: ``user:password`` or a key; empty = none is asked for.
    :ivar prefix: what the names of all its collections begin with.
    :ivar timeout_s: longest time for one call, > 0.
    """

    uri: str
    token: str = field(repr=False)
    prefix: str
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Found:
    """One hit of a search.

    :ivar score: inner product.
    """

    id: int
    score: float
    fields: Mapping[str, Any]


class Client:
    """A connection, made when it is first used and made again after it was lost.

    Every method raises ``EngineUnavailable`` when the server cannot be reached, does not answer in
    time, refuses the token or is of a version that cannot be used; ``Absent`` when a collection is
    not there; and what writes raises ``IndexNotWritten`` when there is no room.
    """

    def __init__(self, address: Address) -> None:
        self.address = address

    def __reduce__(self) -> tuple[type["Client"], tuple[Address]]:
        """Pickle the address: another process makes a connection of its own."""
        return Client, (self.address,)

    @cached_property
    def _milvus(self) -> MilvusClient:
        # A connection of its own: the library would share one, with the time-out of whoever came first.
        with self._explained():
            client = MilvusClient(
                self.address.uri,
                token=self.address.token,
                timeout=self.address.timeout_s,
                dedicated=True,
                grpc_options=_OPTIONS,
            )
            version = client.get_server_version(timeout=self.address.timeout_s)
        if not version.startswith(_LITE):
            self._check(version)
        return client

    def _check(self, version: str) -> None:
        found = re.match(r"v?(\d+)\.(\d+)", version)
        if found is None or tuple(map(int, found.groups())) < _OLDEST:
            oldest = ".".join(map(str, _OLDEST))
            raise EngineUnavailable(
                f"{self._place} is of version {version}, expected {oldest} or newer"
            )

    @cached_property
    def is_lite(self) -> bool:
        """Whether it is milvus-lite, which lacks some types and compares every vector."""
        with self._explained():
            version = self._milvus.get_server_version(timeout=self.address.timeout_s)
        return bool(version.startswith(_LITE))

    @property
    def _place(self) -> str:
        return f"Milvus at {self.address.uri}"

    # Collections.

    def collections(self) -> list[str]:
        """Return the names of the archive's collections."""
        names = self._call(lambda milvus, t: milvus.list_collections(timeout=t))
        return sorted(name for name in names if name.startswith(f"{self.address.prefix}_"))

    def create(
        self,
        name: str,
        fields: Sequence[Field],
        *,
        dim: int = 2,
        exact: bool = True,
        loaded: bool = True,
        properties: Mapping[str, str] | None = None,
    ) -> None:
        """Make a collection.

        :param dim: length of its dense vectors.
        :param exact: compare every dense vector; else walk a graph, with 8 bits for each number.
        :param loaded: it will be searched.
        :raises Taken: if there is one of that name.
        """
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        indexes = MilvusClient.prepare_index_params()
        for one in fields:
            if one.kind == "number":
                schema.add_field(one.name, DataType.INT64, is_partition_key=one.parts)
            elif one.kind == "text":
                schema.add_field(one.name, DataType.VARCHAR, max_length=_TEXT_BYTES)
            elif one.kind == "sparse":
                schema.add_field(one.name, DataType.SPARSE_FLOAT_VECTOR)
                indexes.add_index(one.name, index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
            else:
                # milvus-lite has no half precision.
                kind = DataType.FLOAT_VECTOR if self.is_lite else DataType.FLOAT16_VECTOR
                schema.add_field(one.name, kind, dim=dim)
                index = {"index_type": "FLAT"} if exact else _GRAPH
                indexes.add_index(one.name, metric_type="IP", **index)
            if one.indexed:
                indexes.add_index(one.name, index_type="INVERTED")
        self._call(
            lambda milvus, t: milvus.create_collection(
                name,
                schema=schema,
                properties=dict(properties or {}),
                timeout=t,
            )
        )
        if loaded:
            # Not waited for: the library would sleep half a second for each, and nothing is in it.
            self._call(lambda milvus, t: milvus.create_index(name, indexes, timeout=t, sync=False))
            self._call(lambda milvus, t: milvus.load_collection(name, timeout=t))

    def drop(self, name: str) -> None:
        """Remove a collection with the aliases that point at it, if it is there."""
        try:
            for alias in self.aliases(name):
                self.drop_alias(alias)
            self._call(lambda milvus, t: milvus.drop_collection(name, timeout=t))
        except Absent:
            return

    def properties(self, name: str) -> dict[str, str]:
        """Return the properties of a collection."""
        told = self._call(lambda milvus, t: milvus.describe_collection(name, timeout=t))
        return dict(told.get("properties") or {})

    def set_properties(self, name: str, properties: Mapping[str, str]) -> None:
        """Give a collection properties, beside those it has."""
        self._call(
            lambda milvus, t: milvus.alter_collection_properties(
                name, properties=dict(properties), timeout=t
            )
        )

    # Aliases.

    def aliases(self, name: str = "") -> list[str]:
        """Return the aliases of a collection, or of all."""
        told = self._call(lambda milvus, t: milvus.list_aliases(name, timeout=t))
        return list(told.get("aliases") or [])

    def pointed_at(self, alias: str) -> str:
        """Return the collection that an alias points at.

        :raises Absent: if there is no such alias.
        """
        told = self._call(lambda milvus, t: milvus.describe_alias(alias, timeout=t))
        if not told.get("collection_name"):
            raise Absent(f"{self._place} has no alias {alias}")
        return str(told["collection_name"])

    def create_alias(self, alias: str, name: str) -> None:
        """Make an alias; of several who do so at once, one succeeds.

        :raises Taken: if there is one.
        """
        self._call(lambda milvus, t: milvus.create_alias(name, alias, timeout=t))

    def point(self, alias: str, name: str) -> None:
        """Let an alias point at a collection, in one step."""
        try:
            self.pointed_at(alias)
        except Absent:
            self.create_alias(alias, name)
        else:
            self._call(lambda milvus, t: milvus.alter_alias(name, alias, timeout=t))

    def drop_alias(self, alias: str) -> None:
        """Remove an alias."""
        self._call(lambda milvus, t: milvus.drop_alias(alias, timeout=t))

    # Rows.

    def insert(self, name: str, rows: Sequence[Row]) -> None:
        """Add rows; those whose ``id`` is there are replaced, so that it may be done again."""
        self._in_parts(name, rows, lambda milvus, some, t: milvus.upsert(name, some, timeout=t))

    def change(self, name: str, rows: Sequence[Row]) -> None:
        """Change some fields of rows that are there; each row has its ``id`` and these fields."""
        self._in_parts(
            name,
            rows,
            lambda milvus, some, t: milvus.upsert(name, some, partial_update=True, timeout=t),
        )

    def delete(self, name: str, ids: Sequence[int]) -> None:
        """Remove rows."""
        self._in_parts(name, ids, lambda milvus, some, t: milvus.delete(name, ids=some, timeout=t))

    def flush(self, name: str) -> None:
        """Wait until what was written is on the server's disk."""
        self._call(lambda milvus, t: milvus.flush(name, timeout=t))

    def refresh(self, name: str) -> None:
        """Let the server load what it has imported, which is not waited for."""
        self._call(lambda milvus, t: milvus.refresh_load(name, timeout=t, _async=True))

    def rows_on_disk(self, name: str) -> int:
        """Return the number of rows on the server's disk, loaded or not."""
        told = self._call(lambda milvus, t: milvus.get_collection_stats(name, timeout=t))
        return int(told["row_count"])

    def count(self, name: str, condition: str) -> int:
        """Return the number of rows of which a condition holds, everything written included."""
        (found,) = self._on(
            name,
            lambda milvus, t: milvus.query(
                name,
                filter=condition,
                output_fields=["count(*)"],
                consistency_level="Strong",
                timeout=t,
            ),
        )
        return int(found["count(*)"])

    def rows(self, name: str, ids: Sequence[int], fields: Sequence[str]) -> dict[int, Row]:
        """Return rows by their ids; those that are not there are left out."""
        got = self._in_parts(
            name,
            ids,
            lambda milvus, some, t: milvus.get(
                name, ids=some, output_fields=list(fields), timeout=t
            ),
        )
        return {row["id"]: row for some in got for row in some}

    def where(
        self, name: str, condition: str, fields: Sequence[str], limit: int = MOST
    ) -> list[Row]:
        """Return rows of which a condition holds, in no order."""
        return list(
            self._on(
                name,
                lambda milvus, t: milvus.query(
                    name, filter=condition, output_fields=list(fields), limit=limit, timeout=t
                ),
            )
        )

    def every(self, name: str, condition: str, fields: Sequence[str]) -> Iterator[Row]:
        """Yield all rows of which a condition holds, everything written included."""
        # By a cursor, not by an offset: a server allows none beyond 16,384.
        pages = self._on(
            name,
            lambda milvus, t: milvus.query_iterator(
                name,
                batch_size=_PAGE,
                filter=condition,
                output_fields=["id", *fields],
                consistency_level="Strong",
                timeout=t,
            ),
        )
        while found := self._call(lambda _milvus, _t: pages.next()):
            yield from found
        pages.close()

    def search(
        self,
        name: str,
        field: str,
        vector: Any,
        limit: int,
        condition: str,
        fields: Sequence[str] = (),
    ) -> list[Found]:
        """Return the rows whose vectors have the greatest inner product, best first.

        :param vector: float32, shape (dim,), or weights by dimension.
        """
        if isinstance(vector, np.ndarray):
            asked: Any = vector.astype(np.float32 if self.is_lite else np.float16)
        else:
            asked = vector
        (hits,) = self._on(
            name,
            lambda milvus, t: milvus.search(
                name,
                [asked],
                anns_field=field,
                limit=min(limit, MOST),
                filter=condition,
                output_fields=list(fields),
                search_params={"params": {"ef": max(limit, _IN_SIGHT)}},
                timeout=t,
            ),
        )
        return [Found(hit["id"], hit["distance"], hit["entity"]) for hit in hits]

    def stored(self, vector: np.ndarray[Any, Any]) -> Any:
        """Return a vector as a dense field takes it."""
        return vector.astype(np.float32 if self.is_lite else np.float16)

    def read(self, stored: Any) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Return a vector of what a dense field gives."""
        if isinstance(stored, list) and stored and isinstance(stored[0], bytes):
            (stored,) = stored
        if isinstance(stored, bytes):
            return np.frombuffer(stored, np.float16).astype(np.float32)
        return np.asarray(stored, np.float32)

    def close(self) -> None:
        """Let go of the connection, if there is one."""
        client = self.__dict__.pop("_milvus", None)
        if client is not None:
            client.close()

    # Errors.

    def _on(self, name: str, call: Callable[[MilvusClient, float], Any]) -> Any:
        """Make a call that reads a collection; let the server load it, if it has not.

        milvus-lite forgets what it has loaded when it ends; a server loads again by itself.
        """
        try:
            return self._call(call)
        except Unloaded:
            self._call(lambda milvus, t: milvus.load_collection(name, timeout=t))
            return self._call(call)

    def _call(self, call: Callable[[MilvusClient, float], Any]) -> Any:
        client = self._milvus
        with self._explained():
            return call(client, self.address.timeout_s)

    def _in_parts(
        self, name: str, of: Sequence[Any], call: Callable[[MilvusClient, list[Any], float], Any]
    ) -> list[Any]:
        """Make a call for so many values after the other as fit into one; return what each gave."""
        parts = (list(of[begin : begin + _AT_ONCE]) for begin in range(0, len(of), _AT_ONCE))
        return [self._on(name, partial(_with, call, some)) for some in parts]

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Say what an error of the library means."""
        try:
            yield
        except grpc.RpcError as error:
            raise meaning(self._place, f"{error.code()}: {error.details()}") from error
        except MilvusException as error:
            # The library calls whatever fails while it connects a failed connection.
            cause = error.__cause__
            more = (
                f" ({cause.code()}: {cause.details()})" if isinstance(cause, grpc.RpcError) else ""
            )
            raise meaning(self._place, f"{error.message}{more}") from error
        except ValueError as error:  # "Cannot invoke RPC on closed channel!"
            raise meaning(self._place, str(error)) from error


def _with(
    call: Callable[[MilvusClient, list[Any], float], Any],
    some: list[Any],
    milvus: MilvusClient,
    timeout: float,
) -> Any:
    return call(milvus, some, timeout)

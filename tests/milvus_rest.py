"""What milvus-lite lacks of a Milvus server: jobs that import files, over REST, at the port of gRPC.

It answers as Milvus 2.6 does, and refuses what that refuses. A job reads Parquet files of a folder, the
bucket, and gives their rows to milvus-lite.
"""

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from pymilvus import DataType, MilvusClient

from tests import milvus

_GRPC = b"PRI * HTTP/2.0"
_CHUNK = 65_536
_MOST_FILES = 1_024


class Refused(Exception):
    """What the server answers instead of data."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass
class Bucket:
    """The object store, and how jobs behave.

    :ivar looks: so many times a job is said to be running before it is done.
    :ivar failing: the next job fails, for this reason.
    :ivar jobs: what was asked for, in order: the collection and the files.
    """

    folder: Path
    token: str = ""
    looks: int = 1
    failing: str = ""
    jobs: list[tuple[str, list[str]]] = field(default_factory=list)


@dataclass
class _Job:
    number: str
    collection: str
    files: list[Path]
    left: int
    failing: str
    state: str = "Pending"
    reason: str = ""
    rows: int = 0


class _Jobs:
    """The jobs of a server.

    :ivar bucket: whose behaviour a test may change at any time.
    """

    def __init__(self, uri: str, bucket: Bucket) -> None:
        self._client = MilvusClient(
            uri,
            dedicated=True,
            # milvus-lite ends connections that ask more often whether it lives.
            grpc_options={"grpc.keepalive_time_ms": 310_000},
        )
        self._jobs: dict[str, _Job] = {}
        self._lock = threading.Lock()
        self.bucket = bucket

    def answer(self, path: str, asked: Mapping[str, Any], token: str) -> dict[str, Any]:
        if self.bucket.token and token != f"Bearer {self.bucket.token}":
            raise Refused(1800, "user hasn't authenticated")
        prefix, _, what = path.rpartition("/")
        answers = {"create": self._create, "describe": self._describe, "list": self._list}
        if prefix != "/v2/vectordb/jobs/import" or what not in answers:
            raise Refused(404, "404 page not found")
        with self._lock:
            return answers[what](asked)

    def _create(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        collection, groups = self._known(asked), asked.get("files") or []
        if not groups:
            raise Refused(1100, "import request is empty: invalid parameter")
        if len(groups) > _MOST_FILES:
            raise Refused(2100, f"the max number of import files should not exceed {_MOST_FILES}")
        if any(len(group) != 1 or not group[0].endswith(".parquet") for group in groups):
            raise Refused(2100, "unexpected file type: importing data failed")
        names = [group[0] for group in groups]
        self.bucket.jobs.append((collection, names))
        number = str(450_000_000_000_000_000 + len(self._jobs))
        files = [self.bucket.folder / name for name in names]
        failing, self.bucket.failing = self.bucket.failing, ""
        self._jobs[number] = _Job(number, collection, files, self.bucket.looks, failing)
        return {"jobId": number}

    def _describe(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        job = self._jobs.get(str(asked.get("jobId")))
        if job is None:
            raise Refused(2100, "import job does not exist: importing data failed")
        if job.state in ("Pending", "Importing"):
            self._go_on(job)
        return {
            "jobId": job.number,
            "collectionName": job.collection,
            "state": job.state,
            "progress": 100 if job.state == "Completed" else 0 if job.state == "Failed" else 50,
            "importedRows": job.rows,
            **({"reason": job.reason} if job.reason else {}),
        }

    def _list(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        collection = self._known(asked)
        return {
            "records": [
                {"jobId": job.number, "collectionName": collection, "state": job.state}
                for job in self._jobs.values()
                if job.collection == collection
            ]
        }

    def _known(self, asked: Mapping[str, Any]) -> str:
        name = str(asked.get("collectionName", ""))
        if not self._client.has_collection(name):
            raise Refused(100, f"can't find collection[database=default][collection={name}]")
        return name

    def _go_on(self, job: _Job) -> None:
        if job.left > 0:
            job.left -= 1
            job.state = "Importing"
            return
        missing = [path for path in job.files if not path.is_file()]
        if job.failing or missing:
            job.state = "Failed"
            job.reason = job.failing or f"The specified key does not exist: {missing[0].name}"
            return
        try:
            read = [rows_of(path, self._client, job.collection) for path in job.files]
        except Refused as error:
            job.state, job.reason = "Failed", error.message
            return
        for rows in read:
            for begin in range(0, len(rows), 1_000):
                self._client.insert(job.collection, rows[begin : begin + 1_000])
            job.rows += len(rows)
        self._client.flush(job.collection)
        job.state = "Completed"


def rows_of(path: Path, client: MilvusClient, collection: str) -> list[dict[str, Any]]:
    """Read a file as Milvus does, and return its rows as milvus-lite takes them.

    :raises Refused: if its columns are not those of the collection.
    """
    fields = {one["name"]: one for one in client.describe_collection(collection)["fields"]}
    table = pq.read_table(path)
    for name, one in fields.items():
        if name not in table.column_names:
            raise Refused(2100, f"field '{name}' not in arrow schema: importing data failed")
        found, wanted = str(table.schema.field(name).type), _ARROW[one["type"]]
        if found not in wanted:
            raise Refused(2100, f"field '{name}' type mis-match, arrow data type get '{found}'")
    if extra := set(table.column_names) - set(fields):
        raise Refused(2100, f"the field: {min(extra)} is not in schema")
    rows: list[dict[str, Any]] = table.to_pylist()
    for row in rows:
        for name, value in row.items():
            if fields[name]["type"] == DataType.FLOAT_VECTOR:
                vector = np.frombuffer(bytes(value), np.float16)
                if len(vector) != fields[name]["params"]["dim"]:
                    raise Refused(2100, f"expected dim of '{name}', found {len(vector)}")
                row[name] = vector.astype(np.float32).tolist()
            elif fields[name]["type"] == DataType.SPARSE_FLOAT_VECTOR:
                row[name] = dict(zip(value["indices"], value["values"], strict=True))
    return rows


_ARROW = {
    DataType.INT64: {"int64"},
    DataType.VARCHAR: {"string"},
    # What milvus-lite keeps at full precision a server keeps at half: two bytes a number.
    DataType.FLOAT_VECTOR: {"list<element: uint8>", "list<item: uint8>"},
    DataType.SPARSE_FLOAT_VECTOR: {
        f"struct<indices: list<{one}: uint32>, values: list<{one}: float>>"
        for one in ("element", "item")
    },
}
"""The columns that Milvus takes (``isArrowDataTypeConvertible``), for each type of a field."""


@contextmanager
def importing(folder: Path, bucket: Bucket) -> Iterator[str]:
    """Run milvus-lite, and what it lacks, at one address; yield that."""
    with milvus.serving(folder) as running:
        jobs = _Jobs(running.uri, bucket)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = 200
                try:
                    told: dict[str, Any] = {
                        "code": 0,
                        "data": jobs.answer(
                            self.path, asked, self.headers.get("Authorization", "")
                        ),
                    }
                except Refused as error:
                    status = {1800: 401, 404: 404}.get(error.code, 200)
                    told = {"code": error.code, "message": error.message}
                body = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        rest = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        serving = threading.Thread(target=rest.serve_forever)
        serving.start()
        listening = socket.create_server(("127.0.0.1", 0))
        ports = running.port, rest.server_port
        threading.Thread(target=_share, args=(listening, *ports), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            listening.close()
            rest.shutdown()
            serving.join()
            rest.server_close()
            jobs._client.close()


def _share(listening: socket.socket, grpc: int, http: int) -> None:
    """Hand each connection on to whom its first bytes are meant for, as Milvus does."""
    with suppress(OSError):
        while True:
            client, _ = listening.accept()
            threading.Thread(target=_hand_on, args=(client, grpc, http), daemon=True).start()


def _hand_on(client: socket.socket, grpc: int, http: int) -> None:
    with client, suppress(OSError):
        first = client.recv(len(_GRPC), socket.MSG_WAITALL)
        port = grpc if first == _GRPC else http
        with socket.create_connection(("127.0.0.1", port)) as server:
            server.sendall(first)
            back = threading.Thread(target=_pump, args=(server, client), daemon=True)
            back.start()
            _pump(client, server)
            back.join()


def _pump(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(_CHUNK):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)

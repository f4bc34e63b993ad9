"""Milvus for tests: milvus-lite's server on a socket, as a thread or as a process that can be killed."""

import base64
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from milvus_lite.adapter.grpc.server import start_server_in_thread
from milvus_lite.adapter.grpc.servicer import MilvusServicer
from milvus_lite.db import MilvusLite
from pymilvus.grpc_gen import milvus_pb2, milvus_pb2_grpc

from index.engines.milvus.client import Address
from tests.patience import PATIENCE_S


@dataclass(frozen=True)
class Running:
    """A server in a thread.

    :ivar port: on which it listens, on 127.0.0.1.
    """

    port: int
    server: Any
    database: Any

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.server.stop(grace=None).wait()
        self.database.close()


def start(folder: Path, port: int = 0) -> Running:
    """Start a server in a thread, with what a folder holds."""
    server, database, bound = start_server_in_thread(str(folder), port=port)
    return Running(bound, server, database)


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[Running]:
    """Run a server in a thread."""
    running = start(folder, port)
    try:
        yield running
    finally:
        running.stop()


def address(
    uri: str, prefix: str = "test", *, token: str = "", timeout_s: float = PATIENCE_S
) -> Address:
    """Return how tests reach a server."""
    return Address(uri, token, prefix, timeout_s)


@contextmanager
def killable(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server as a process of its own."""
    program = (
        "import sys; from milvus_lite.adapter.grpc.server import run_server;"
        "run_server(sys.argv[1], host='127.0.0.1', port=int(sys.argv[2]))"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(folder), str(port)])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def guarded(folder: Path, *, token: str = "", version: str = "") -> Iterator[Running]:
    """Run a server that asks for a token, or says that it is of another version.

    milvus-lite does neither: what it is asked and what it answers is changed on the way, as Milvus
    would have it.
    """
    database = MilvusLite(str(folder))
    server = grpc.server(ThreadPoolExecutor(4), interceptors=[_Guard(token, version)])
    milvus_pb2_grpc.add_MilvusServiceServicer_to_server(MilvusServicer(database), server)
    running = Running(server.add_insecure_port("127.0.0.1:0"), server, database)
    server.start()
    try:
        yield running
    finally:
        running.stop()


class _Guard(grpc.ServerInterceptor):  # type: ignore[misc]  # no types are shipped
    def __init__(self, token: str, version: str) -> None:
        self._token = base64.b64encode(token.encode()).decode() if token else ""
        self._version = version

    def intercept_service(self, continuation: Any, details: Any) -> Any:
        handler = continuation(details)
        given = dict(details.invocation_metadata).get("authorization", "")
        if self._token and given != self._token:
            return grpc.unary_unary_rpc_method_handler(
                _refuse, handler.request_deserializer, handler.response_serializer
            )
        if self._version and details.method.endswith("/GetVersion"):
            return grpc.unary_unary_rpc_method_handler(
                lambda _asked, _context: milvus_pb2.GetVersionResponse(version=self._version),
                handler.request_deserializer,
                handler.response_serializer,
            )
        return handler


def _refuse(_asked: Any, context: grpc.ServicerContext) -> None:
    context.abort(
        grpc.StatusCode.UNAUTHENTICATED, "auth check failure, please check api key is correct"
    )

"""Several processes at one socket."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

from benchmarks.web_load import processes
from config.loading import load_settings
from qa.web.limits import Buckets
from qa.web.workers import share_of
from tests.archive import HARBOUR_EARLY, build_index
from tests.botapi.process import newsquote, stuck
from tests.patience import PATIENCE_S
from tests.qa.web.serving import ASKING_MUCH, Server

pytestmark = pytest.mark.slow

COUNTED = "newsquote_http_requests_total"
TWO = {**ASKING_MUCH, "SERVE__WORKERS": "2"}


def workers(server: Server) -> list[int]:
    return processes(server.process.pid)[1:]


def is_stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


@contextmanager
def only(worker: int, server: Server) -> Iterator[None]:
    """Let one worker alone answer meanwhile."""
    others = [pid for pid in workers(server) if pid != worker]
    for pid in others:
        os.kill(pid, signal.SIGSTOP)
        wait_until(partial(is_stopped, pid))
    yield
    for pid in others:
        os.kill(pid, signal.SIGCONT)


def status(server: Server, path: str) -> int:
    """Ask over a connection of its own."""
    return httpx.get(server.url + path, timeout=PATIENCE_S).status_code


def figures(server: Server) -> str:
    return httpx.get(server.url + "/metrics", timeout=PATIENCE_S).text


def test_all_workers_answer_and_are_counted_together(demo_index: Path) -> None:
    with Server(demo_index, {**TWO, "SERVE__ADDRESS_PER_MINUTE": "5"}) as server:
        one, other = workers(server)
        with only(one, server):
            assert [status(server, "/api/sources") for _ in range(3)] == [200] * 3
        with only(other, server):
            assert [status(server, "/api/sources") for _ in range(3)] == [200, 200, 429]
        with only(one, server):
            assert status(server, "/api/sources") == 429
        told = figures(server)
        assert f'{COUNTED}{{part="api",status="200"}} 5.0' in told
        assert f'{COUNTED}{{part="api",status="429"}} 2.0' in told
        assert server.stop()[0] == 0


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    index = tmp_path / "index-data"
    build_index(index, [HARBOUR_EARLY])
    with Server(tmp_path, TWO) as server, ThreadPoolExecutor() as threads:

        def under_way(calls: int) -> bool:
            return f"newsquote_calls_under_way {calls}.0" in figures(server)

        one, other = workers(server)
        with only(one, server):
            assert status(server, "/api/sources") == 200
            with stuck(index):
                asked = threads.submit(status, server, "/api/sources")
                wait_until(lambda: under_way(1))
                os.kill(one, signal.SIGKILL)
                with pytest.raises(httpx.HTTPError):
                    asked.result()
        wait_until(lambda: len(workers(server)) == 2 and one not in workers(server))
        (third,) = set(workers(server)) - {other}
        with only(third, server):
            assert status(server, "/api/sources") == 200
            assert under_way(0)
            assert f'{COUNTED}{{part="api",status="200"}} 2.0' in figures(server)
        ended, log = server.stop()
    assert ended == 0
    assert f"worker {one} ended (signal 9)" in log
    assert not any(Path(f"/proc/{pid}").exists() for pid in (other, third))


def test_workers_end_with_the_process_that_started_them(demo_index: Path) -> None:
    with Server(demo_index, TWO) as server:
        left = workers(server)
        server.process.kill()
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in left))


def test_what_keeps_workers_from_beginning_is_told_once(tmp_path: Path) -> None:
    told = newsquote(tmp_path, "serve", "--port", "0", PYTHONUTF8="1", NEWSQUOTE_SERVE__WORKERS="3")
    assert told.returncode == 2
    assert told.stderr.count("newsquote index build") == 1
    assert "answers" not in told.stderr


def test_what_is_allowed_is_divided() -> None:
    serving = load_settings().serve
    three = serving.model_copy(
        update={"workers": 3, "connections": 10, "threads": 3, "queue": 2, "max_body": 1000}
    )
    share = share_of(three)
    assert (share.connections, share.threads, share.queue, share.max_body) == (4, 1, 1, 1000)
    assert share_of(serving).connections == serving.connections


def test_two_who_open_the_same_buckets_take_from_the_same(tmp_path: Path) -> None:
    one, other = (Buckets(tmp_path / "buckets", now=lambda: 0.0) for _ in range(2))
    assert [one.take("a", 3), other.take("a", 3), one.take("a", 3)] == [0, 0, 0]
    assert other.take("a", 3) == pytest.approx(20)
    assert other.take("b", 3) == 0

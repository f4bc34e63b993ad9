"""The page and the API under load: so many requests a second, whether or not answers come.

    newsquote index build ARCHIVE --index INDEX
    python -m benchmarks.web_load INDEX [--rate 200] [--seconds 60] [--workers 2]
        [--questions 8000]

The real server answers over HTTP, with the reader off; every second request is for the page with the
answer, every other one for ``/api/ask``. Questions are made from sentences of the archive: 8,000 different
ones in turn, four times as many as the server keeps answers of, so that each is answered anew; with
fewer than it keeps, most are remembered after a while. Requests
start by the clock: the time of each counts from the moment when it was to start, so that a server that
falls behind is seen to. Processor time is the server's, all of its processes together; the client's comes
on top.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from urllib.parse import quote

from benchmarks.measure import memory
from benchmarks.workplace import Archive
from tests.qa.web.serving import ASKING_MUCH, Server

QUESTIONS = 8000
CONNECTIONS = 64
WARM_UP = 50
OK = 200


@dataclass(slots=True)
class Seen:
    """What has come back.

    :ivar seconds: of each request that was answered, from when it was to start.
    """

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)


def main() -> None:
    """Run the load and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("index", type=Path, help="folder of an index")
    parser.add_argument("--rate", type=float, default=200.0, help="requests a second")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--questions", type=int, default=QUESTIONS, help="different ones")
    parser.add_argument("--workers", type=int, default=2, help="the setting serve.workers")
    args = parser.parse_args()
    archive = Archive("load", (), args.index.absolute())
    paths = [quote(question) for question in archive.questions(args.questions)]
    settings = {
        **ASKING_MUCH,
        "INDEX__DIR": str(archive.index),
        "SERVE__WORKERS": str(args.workers),
    }
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder), settings) as server:
        asyncio.run(load(server.port, paths, 50.0, WARM_UP / 50.0))
        first = time.perf_counter()
        page = server.get("/").status_code
        first = time.perf_counter() - first
        answering = processes(server.process.pid)
        before = [processor_s(process) for process in answering]
        client = time.process_time()
        seen = asyncio.run(load(server.port, paths, args.rate, args.seconds))
        client = time.process_time() - client
        spent = [
            after - process
            for after, process in zip(map(processor_s, answering), before, strict=True)
        ]
        held = [memory(process) for process in answering]
    cuts = quantiles(seen.seconds, n=100, method="inclusive")
    print(
        json.dumps(
            {
                "passages": archive.passages(),
                "rate": args.rate,
                "questions": len(paths),
                "requests": sum(seen.statuses.values()),
                "statuses": dict(seen.statuses),
                "errors": sum(seen.statuses.values()) - seen.statuses[str(OK)],
                "ms_p50": round(cuts[49] * 1000, 1),
                "ms_p95": round(cuts[94] * 1000, 1),
                "ms_p99": round(cuts[98] * 1000, 1),
                "processor_ms_a_request": round(sum(spent) * 1000 / len(seen.seconds), 2),
                "processor_s_each": [round(seconds, 1) for seconds in spent],
                "client_ms_a_request": round(client * 1000 / len(seen.seconds), 2),
                "first_page_ms": round(first * 1000, 1) if page == OK else None,
                "pss_mb": round(sum(one.pss for one in held)),
                "load_average": os.getloadavg()[0],
            },
            indent=2,
        )
    )


async def load(port: int, questions: list[str], rate: float, seconds: float) -> Seen:
    """Send requests by the clock, over connections that are kept."""
    seen = Seen()
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    began = asyncio.get_running_loop().time()
    tasks = []
    for number in range(round(rate * seconds)):
        at = began + number / rate
        await asyncio.sleep(max(0.0, at - asyncio.get_running_loop().time()))
        path = "/ask" if number % 2 else "/api/ask"
        target = f"{path}?q={questions[number % len(questions)]}"
        tasks.append(asyncio.create_task(request(port, target, at, free, seen)))
    await asyncio.gather(*tasks)
    while not free.empty():
        free.get_nowait()[1].close()
    return seen


async def request(
    port: int,
    target: str,
    at: float,
    free: "asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]]",
    seen: Seen,
) -> None:
    """Send one request and read its answer to the end."""
    reader, writer = await free.get()
    try:
        writer.write(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
        await reader.readexactly(length)
        seen.seconds.append(asyncio.get_running_loop().time() - at)
        seen.statuses[head.split()[1]] += 1
    except (OSError, asyncio.IncompleteReadError, ValueError):
        seen.statuses["lost"] += 1
        writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    free.put_nowait((reader, writer))


def processes(first: int) -> list[int]:
    """Return the processes of a server: the first one, and its workers."""
    children = Path(f"/proc/{first}/task/{first}/children").read_text(encoding="ascii")
    return [first, *map(int, children.split())]


def processor_s(process: int) -> float:
    """Return the processor time that a process has taken, all threads together."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()

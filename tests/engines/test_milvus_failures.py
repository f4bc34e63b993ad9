"""A server that is away, slow, cut off, restarted, of another version, or that wants another token."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from config.loading import load_settings
from index.engines.milvus.client import Client
from index.engines.milvus.engine import MilvusServer
from index.errors import EngineUnavailable, IndexLocked, IndexNotWritten
from index.parts.filters import ANY
from qa.quoting.answer import Limits
from qa.service import Service
from qa.web.app import create_app
from tests import milvus
from tests.archive import BEES, HARBOUR_EARLY, LIGHTHOUSE, OBSERVATORY, build_index, models
from tests.botapi.process import free_port
from tests.engines.publishing import Published
from tests.full_disk import files_of_at_most
from tests.proxy import Proxy, proxied
from tests.qa.retrieving import open_retriever

SOON_S = 2.0
"""Longest time for a call here: what is held up must end."""

QUESTION = "Why will the observatory close its largest telescope?"


@dataclass
class Way:
    """An archive in Milvus, and the way there.

    :ivar made: reaches it by the proxy.
    :ivar direct: reaches it whatever the proxy does.
    """

    made: Published
    direct: Published
    proxy: Proxy


@pytest.fixture
def way(tmp_path: Path) -> Iterator[Way]:
    with milvus.serving(tmp_path / "milvus") as server, proxied(server.port) as proxy:
        engines = [
            MilvusServer.at(milvus.address(proxy.uri, timeout_s=SOON_S)),
            MilvusServer.at(milvus.address(server.uri)),
        ]
        made, direct = (Published(tmp_path / "index", engine) for engine in engines)
        direct.index([BEES, OBSERVATORY])
        yield Way(made, direct, proxy)
        for engine in engines:
            engine.client.close()


@pytest.fixture
def service(way: Way) -> Iterator[Service]:
    limits = Limits(quotes=3, per_article=2, threshold=0.1)
    with Service(way.made.engine, open_retriever, limits) as opened:
        yield opened


def is_answered(service: Service) -> bool:
    return "telescope" in service.answer(QUESTION).quotes[0].text


@pytest.mark.parametrize("mood", ["refuse", "hold"])
def test_a_question_fails_clearly_and_the_next_one_is_answered(
    way: Way, service: Service, mood: str
) -> None:
    assert is_answered(service)
    way.proxy.set("refuse" if mood == "refuse" else "hold")
    with pytest.raises(EngineUnavailable, match=r"cannot be reached, or does not answer in time"):
        service.answer("Who keeps bees in the frost?")
    way.proxy.set("pass")
    assert is_answered(service)


def test_the_page_says_that_the_archive_is_away_and_not_where(way: Way, service: Service) -> None:
    app = create_app(service, load_settings().serve)
    client = TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)
    asked = {"q": QUESTION}
    assert client.get("/api/ask", params=asked).json()["quotes"]
    way.proxy.set("refuse")
    for path in ("/api/ask", "/"):
        answer = client.get(path, params={"q": "Who keeps bees in the frost?"})
        assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert "ask again in a while" in answer.text
        assert answer.headers["Retry-After"] == "10"
        assert way.proxy.uri not in answer.text
    way.proxy.set("pass")
    assert client.get("/api/ask", params=asked).status_code == HTTPStatus.OK


@pytest.mark.parametrize("mood", ["refuse", "hold"])
def test_what_is_away_cannot_be_opened_and_then_can(way: Way, mood: str) -> None:
    way.proxy.set("refuse" if mood == "refuse" else "hold")
    with pytest.raises(EngineUnavailable):
        way.made.engine.current()
    with pytest.raises(EngineUnavailable), way.made.engine.writing():
        pass
    way.proxy.set("pass")
    assert way.made.engine.current() == way.direct.engine.current()


def test_a_new_generation_that_could_not_be_opened_is_opened_later(
    way: Way, service: Service
) -> None:
    """What fails while it is opened is no fault of the generation."""
    for turn, after in enumerate(range(50, 1_650, 200)):  # cut off at one call or another
        way.direct.index([[BEES], [BEES, OBSERVATORY]][turn % 2])
        way.proxy.set("cut", after=after)
        service.status()
        way.proxy.set("pass")
        assert service.status().manifest.articles == turn % 2 + 1


@pytest.mark.parametrize("share", [0, 0.1, 0.3, 0.5, 0.7])
def test_a_build_that_is_cut_off_leaves_what_answers_and_is_gone_on_with(
    way: Way, tmp_path: Path, share: float
) -> None:
    again = Published(tmp_path / "again", MilvusServer.at(milvus.address(way.proxy.uri, "again")))
    again.index([BEES, OBSERVATORY])
    began = way.proxy.passed
    again.index([BEES, HARBOUR_EARLY, *LIGHTHOUSE])
    whole = way.proxy.passed - began  # what such an update sends
    again.engine.client.close()
    before = way.direct.engine.current()
    build_index(way.made.index_dir, [BEES, HARBOUR_EARLY, *LIGHTHOUSE])
    way.proxy.set("cut", after=int(share * whole))
    with pytest.raises(EngineUnavailable):
        way.made.publish()
    assert way.direct.engine.current() == before
    searcher = way.direct.engine.open(models())
    assert len(searcher.listed(0, 9)) == 2
    assert list(way.direct.engine.faults()) == []
    way.proxy.set("pass")
    give_back_leases(way.direct.engine.client)  # it was cut off from giving its own back
    way.made.publish()
    searcher = way.direct.engine.open(models())
    assert len(searcher.listed(0, 9)) == 5
    assert list(way.direct.engine.faults()) == []


def give_back_leases(client: Client) -> None:
    """Let a minute pass for leases that nobody renews."""
    for name in client.collections():
        if "_lease_by_" in name:
            client.set_properties(name, {"newsquote.lease": '{"until": 0}'})


def test_a_build_that_was_cut_off_holds_its_lease_for_a_while(way: Way) -> None:
    build_index(way.made.index_dir, [BEES])
    way.proxy.set("cut", after=5_000)
    with pytest.raises(EngineUnavailable):
        way.made.publish()
    with pytest.raises(IndexLocked, match="is writing the index"), way.direct.engine.writing():
        pass


def test_a_server_that_was_restarted_answers_whoever_had_opened_it(tmp_path: Path) -> None:
    port = free_port()
    engine = MilvusServer.at(milvus.address(f"http://127.0.0.1:{port}", timeout_s=20))
    made = Published(tmp_path / "index", engine)
    with milvus.killable(tmp_path / "milvus", port):
        until_it_answers(engine)
        made.index([BEES, OBSERVATORY])
        searcher = engine.open(models())
        build_index(made.index_dir, [BEES, HARBOUR_EARLY])
    # It is killed while nobody looks: what was written is there when it comes again.
    with milvus.killable(tmp_path / "milvus", port):
        until_it_answers(engine)
        found, _ = searcher.by_words({"telescop": 1.0}, 9, ANY)
        assert len(found) == 1
        assert "telescope" in searcher.passages(found.tolist())[0].passage.text
        made.publish()
        assert list(engine.faults()) == []
        assert len(engine.open(models()).listed(0, 9)) == 2
    engine.client.close()


@pytest.mark.slow
def test_a_server_that_is_killed_in_mid_build_keeps_what_answers(tmp_path: Path) -> None:
    port = free_port()
    engine = MilvusServer.at(milvus.address(f"http://127.0.0.1:{port}", timeout_s=5))
    made = Published(tmp_path / "index", engine)
    with milvus.killable(tmp_path / "milvus", port) as process:
        until_it_answers(engine)
        made.index([BEES, OBSERVATORY])
        before = engine.current()
        build_index(made.index_dir, [BEES, HARBOUR_EARLY, *LIGHTHOUSE])

        def kill(_done: int, _of: int) -> None:
            process.kill()
            process.wait()

        with pytest.raises(EngineUnavailable):
            made.publish(kill)
    with milvus.killable(tmp_path / "milvus", port):
        until_it_answers(engine)
        assert engine.current() == before
        assert list(engine.faults()) == []
        give_back_leases(engine.client)
        made.publish()
        assert len(engine.open(models()).listed(0, 9)) == 5
        assert list(engine.faults()) == []
    engine.client.close()


def until_it_answers(engine: MilvusServer) -> None:
    while True:
        try:
            engine.client.collections()
        except EngineUnavailable:
            continue
        return


def test_a_wrong_token_is_said_and_not_shown(tmp_path: Path) -> None:
    with milvus.guarded(tmp_path / "milvus", token="root:right") as server:
        for token in ("root:wrong", ""):
            engine = MilvusServer.at(milvus.address(server.uri, token=token, timeout_s=SOON_S))
            with pytest.raises(EngineUnavailable, match="refuses the token") as raised:
                engine.current()
            assert "wrong" not in f"{raised.value}{engine!r}{engine.client.address!r}"
        engine = MilvusServer.at(milvus.address(server.uri, token="root:right"))
        Published(tmp_path / "index", engine).index([BEES])
        assert len(engine.open(models()).listed(0, 9)) == 1
        engine.client.close()


@pytest.mark.parametrize("version", ["v2.5.3", "2.4.17-dev", "something"])
def test_another_version_is_refused(tmp_path: Path, version: str) -> None:
    with milvus.guarded(tmp_path / "milvus", version=version) as server:
        engine = MilvusServer.at(milvus.address(server.uri))
        with pytest.raises(EngineUnavailable, match=f"version {version}, expected 2.6 or newer"):
            engine.current()


def test_a_file_that_another_process_has_open_is_said_to_be(tmp_path: Path) -> None:
    with milvus.serving(tmp_path / "lite.db"):
        engine = MilvusServer.at(milvus.address(str(tmp_path / "lite.db")))
        with pytest.raises(EngineUnavailable, match="Open local milvus failed"):
            engine.current()


def test_a_disk_that_is_full_is_said_to_be(tmp_path: Path) -> None:
    with milvus.serving(tmp_path / "milvus") as server:
        engine = MilvusServer.at(milvus.address(server.uri))
        made = Published(tmp_path / "index", engine)
        made.index([BEES])
        before = engine.current()
        build_index(made.index_dir, [BEES, OBSERVATORY])
        with files_of_at_most(2_000), pytest.raises(IndexNotWritten, match="has no room"):
            made.publish()
        assert engine.current() == before
        engine.client.close()

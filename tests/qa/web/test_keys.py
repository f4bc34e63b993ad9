"""Who may ask, and how often."""

import sqlite3
import stat
from itertools import count
from pathlib import Path

import pytest

from qa.web.keys import PREFIX, Keyring, KeysUnusable, add_key, read_keys, revoke_key
from qa.web.limits import CLIENTS, Buckets, client_of
from tests.program import call
from tests.qa.web.serving import Server


def bearing(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def test_a_key_is_found_until_it_is_revoked(tmp_path: Path) -> None:
    path = tmp_path / "keys.sqlite"
    ring = Keyring(path)
    assert ring.find("nq_x") is None
    key = add_key(path, "reading room", 30)
    other = add_key(path, "other")
    found = ring.find(key)
    assert found
    assert (found.name, found.per_minute) == ("reading room", 30)
    assert ring.find(key[:-1]) is None
    revoke_key(path, "reading room")
    assert ring.find(key) is None
    assert ring.find(other)
    path.unlink()
    assert ring.find(other) is None


def test_the_file_holds_no_key_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "keys.sqlite"
    key = add_key(path, "somebody")
    assert key.startswith(PREFIX)
    assert key.removeprefix(PREFIX).encode() not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_names_are_taken_once_and_mistakes_are_explained(tmp_path: Path) -> None:
    path = tmp_path / "keys.sqlite"
    add_key(path, "somebody")
    with pytest.raises(KeysUnusable, match="a key of the name 'somebody' already"):
        add_key(path, "somebody")
    with pytest.raises(KeysUnusable, match="no key of the name 'nobody'; there is: somebody"):
        revoke_key(path, "nobody")
    assert len(read_keys(path)) == 1
    broken = tmp_path / "broken.sqlite"
    broken.write_text("no database" * 100)
    with pytest.raises(KeysUnusable, match="expected the file of keys"):
        read_keys(broken)
    with pytest.raises(KeysUnusable):
        add_key(tmp_path / "no folder" / "keys.sqlite", "x")


def test_keys_are_given_out_on_the_command_line(tmp_path: Path) -> None:
    made = call("keys", "add", "reading room", "--per-minute", "30", cwd=tmp_path)
    assert made.status == 0
    assert made.out.startswith(PREFIX)
    assert "shown once" in made.err
    listed = call("keys", "list", cwd=tmp_path)
    assert listed.out.startswith("reading room\t")
    assert listed.out.endswith("\t30 a minute\n")
    assert made.out.strip() not in listed.out
    again = call("keys", "add", "reading room", cwd=tmp_path)
    assert again.status == 2
    assert "already" in again.err
    assert call("keys", "revoke", "reading room", cwd=tmp_path).out == "reading room is revoked\n"
    assert call("keys", "list", cwd=tmp_path).out == ""


def test_a_bucket_fills_again() -> None:
    clock = [0.0]
    buckets = Buckets(now=lambda: clock[0])
    assert [buckets.take("a", 3) for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a", 3) == pytest.approx(20)
    assert buckets.take("b", 3) == 0
    clock[0] = 19.0
    assert buckets.take("a", 3) == pytest.approx(1)
    clock[0] = 20.5
    assert buckets.take("a", 3) == 0
    assert buckets.take("a", 3) > 0
    assert all(buckets.take("c", 0) == 0 for _ in range(9))


def test_clients_are_not_remembered_without_end() -> None:
    clock = count()
    buckets = Buckets(now=lambda: next(clock) / 1e6)
    assert buckets.take("who asks often", 1) == 0
    size = len(buckets._table)
    for number in range(3 * CLIENTS):
        assert buckets.take(str(number), 1) == 0
        assert buckets.take("who asks often", 1)
    assert len(buckets._table) == size


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("no address", "no address"),
    ],
)
def test_a_client_is_an_address_or_a_network(address: str, client: str) -> None:
    assert client_of(address) == client


def test_the_server_keeps_limits_by_address_and_by_key(demo_index: Path, tmp_path: Path) -> None:
    keys = tmp_path / "keys.sqlite"
    key = add_key(keys, "somebody", 2)
    settings = {
        "SERVE__KEYS": str(keys),
        "SERVE__ADDRESS_PER_MINUTE": "3",
        "ANSWER__READER": "off",
        "LOG__LEVEL": "debug",
    }
    with Server(demo_index, settings) as server:
        statuses = [server.get("/api/sources").status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        refused = server.get("/sources", headers={"accept": "text/html"})
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 20
        assert server.get("/health").status_code == 200
        with_key = [server.get("/api/sources", headers=bearing(key)).status_code for _ in range(3)]
        assert with_key == [200, 200, 429]
        other = {"x-forwarded-for": "198.51.100.4"}
        assert server.get("/api/sources", headers=other).status_code == 200
        revoke_key(keys, "somebody")
        unknown = server.get("/api/sources", headers=bearing(key))
        assert unknown.status_code in (401, 429)
        status, log = server.stop()
    assert status == 0
    assert "/api/sources" in log
    assert key not in log


def test_the_api_may_want_a_key_and_the_page_not(demo_index: Path, tmp_path: Path) -> None:
    keys = tmp_path / "keys.sqlite"
    key = add_key(keys, "somebody")
    settings = {
        "SERVE__KEYS": str(keys),
        "SERVE__REQUIRE_KEY": "true",
        "SERVE__PROXIES": "[]",
        "ANSWER__READER": "off",
    }
    with Server(demo_index, settings) as server:
        refused = server.get("/api/sources")
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"
        assert server.get("/v1/models", headers=bearing("sk-something")).status_code == 401
        assert server.get("/api/sources", headers=bearing(PREFIX + "wrong")).status_code == 401
        assert server.get(f"/api/sources?key={key}").status_code == 401
        assert server.get("/api/sources", headers=bearing(key)).status_code == 200
        assert server.get("/sources").status_code == 200
        from_afar = {"x-forwarded-for": "198.51.100.4"}
        assert server.get("/metrics", headers=from_afar).status_code == 403
        assert server.get("/metrics", headers=from_afar | bearing(key)).status_code == 200
        with sqlite3.connect(keys) as db:
            db.execute("DROP TABLE keys")
        db.close()
        broken = server.get("/api/sources", headers=bearing(key))
        assert broken.status_code == 500
        assert str(keys) not in broken.text
        assert server.answers()

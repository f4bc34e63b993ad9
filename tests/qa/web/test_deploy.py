"""What ``deploy/`` says of the server is what the server does."""

import configparser
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.botapi.process import clean_environment, newsquote
from tests.patience import PATIENCE_S
from tests.qa.web.serving import ASKING_MUCH, PROGRAM, Server

DEPLOY = Path(__file__).parents[3] / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


def unit(path: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign] # names keep their capitals
    read.read_string(path.read_text(encoding="utf-8"))
    return read


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_reads_the_units(path: Path, tmp_path: Path) -> None:
    """Paths and users of the machine that is meant are not here; the rest must be right."""
    text = path.read_text(encoding="utf-8").replace("/opt/newsquote/bin/newsquote", "/bin/true")
    copy = tmp_path / path.name
    copy.write_text(text, encoding="utf-8")
    read = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True, check=False
    )
    assert f"{path.name}:" not in read.stderr, read.stderr
    assert read.returncode == 0, read.stderr


def test_the_unit_starts_the_server_and_hears_that_it_is_ready(demo_index: Path) -> None:
    service = unit(DEPLOY / "newsquote-serve.service")["Service"]
    program, *arguments = service["ExecStart"].split()
    assert (program, service["Type"]) == ("/opt/newsquote/bin/newsquote", "notify")
    address = demo_index / "notify.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(address))
        heard.settimeout(PATIENCE_S)
        environment = clean_environment(NOTIFY_SOCKET=str(address), NEWSQUOTE_SERVE__PORT="0")
        with subprocess.Popen(
            [*PROGRAM, *arguments], cwd=demo_index, env=environment, stderr=subprocess.DEVNULL
        ) as process:
            try:
                assert heard.recv(100) == b"READY=1"
            finally:
                process.terminate()
    assert process.returncode == 0


def test_the_compose_file_starts_what_there_is() -> None:
    compose: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    for name, service in compose["services"].items():
        assert service["command"] == [name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        folder = DEPLOY / service["build"]["context"]
        assert (folder / service["build"]["dockerfile"]).is_file()
    port = compose["services"]["serve"]["ports"][0]
    assert port.startswith("127.0.0.1:")


def test_the_health_of_the_server_is_told(demo_index: Path) -> None:
    compose: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    _, program, *arguments = compose["services"]["serve"]["healthcheck"]["test"]
    assert program == "/opt/newsquote/bin/newsquote"
    with Server(demo_index, ASKING_MUCH) as server:
        port = {"NEWSQUOTE_SERVE__PORT": str(server.port)}
        well = newsquote(demo_index, *arguments, **port)
        assert (well.returncode, well.stdout) == (0, '{"status":"ok"}\n')
        assert server.stop()[0] == 0
    gone = newsquote(demo_index, *arguments, **port)
    assert gone.returncode == 2
    assert (
        f"the server is not well at http://127.0.0.1:{port['NEWSQUOTE_SERVE__PORT']}/health"
        in gone.stderr
    )


def test_the_image_can_be_made(tmp_path: Path) -> None:
    engine = next(filter(None, map(shutil.which, ("podman", "docker"))), None)
    base = "docker.io/library/python:3.11-slim"
    if (
        not engine
        or subprocess.run(
            [engine, "image", "inspect", base], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip(f"no container engine with {base} is here")
    built = subprocess.run(
        [
            engine,
            "build",
            "--tag",
            "newsquote-test",
            "--file",
            DEPLOY / "Containerfile",
            DEPLOY.parent,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    version = subprocess.run(
        [engine, "run", "--rm", "newsquote-test", "serve", "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert "--health" in version.stdout

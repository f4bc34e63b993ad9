"""What ``deploy/`` says of the server is what the server does."""

import configparser
import re
import shutil
import socket
import subprocess
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from config.loading import load_settings
from config.settings import Settings
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
    services = compose("compose.yaml")
    for name, service in services.items():
        assert service["command"] == [name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        folder = DEPLOY / service["build"]["context"]
        assert (folder / service["build"]["dockerfile"]).is_file()
    port = services["serve"]["ports"][0]
    assert port.startswith("127.0.0.1:")


def compose(*names: str) -> dict[str, Any]:
    """Return the services of compose files that are laid over each other, as far as tests need it."""
    services: dict[str, dict[str, Any]] = {}
    for name in names:
        read = yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))
        for service, given in read["services"].items():
            before = services.setdefault(service, {})
            environment = {**before.get("environment", {}), **given.get("environment", {})}
            before |= given | {"environment": environment}
    return services


def with_passwords(value: str) -> str:
    """Return a value with what is asked for by ``${NAME:?...}`` put in."""
    return re.sub(r"\$\{(\w+):\?[^}]+\}", lambda match: f"given-{match[1]}", value)


@pytest.mark.parametrize(
    ("files", "engine"),
    [(["compose.yaml"], "local"), (["compose.yaml", "compose.milvus.yaml"], "milvus")],
    ids=["local", "milvus"],
)
@pytest.mark.parametrize("name", ["serve", "bot"])
def test_the_settings_of_a_compose_file_are_settings(
    files: list[str], engine: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine != "local" and engine not in Settings.model_fields:
        pytest.skip(f"this version has no engine called {engine!r}")
    monkeypatch.chdir(tmp_path)
    for variable, value in compose(*files)[name]["environment"].items():
        assert variable.startswith("NEWSQUOTE_")
        monkeypatch.setenv(variable, with_passwords(value))
    assert load_settings().index.engine == engine


def test_only_newsquote_reaches_the_milvus_server() -> None:
    own = yaml.safe_load((DEPLOY / "compose.milvus.yaml").read_text(encoding="utf-8"))
    plain, services = compose("compose.yaml"), compose("compose.yaml", "compose.milvus.yaml")
    kept = {name: service for name, service in services.items() if name not in plain}
    for name, service in kept.items():
        assert "ports" not in service, name
        assert "healthcheck" in service, name
        image, _, tag = service["image"].rpartition(":")
        assert image
        assert re.search(r"\d", tag), name
        (volume,) = service["volumes"]
        assert volume.partition(":")[0] in own["volumes"]
    for name in plain:
        assert services[name]["depends_on"] == {"milvus": {"condition": "service_healthy"}}
        uri = urlsplit(services[name]["environment"]["NEWSQUOTE_MILVUS__URI"])
        assert uri.hostname in kept
        assert services[name]["image"] != plain[name]["image"]
    waited_for = {other for one in services.values() for other in one.get("depends_on", {})}
    assert waited_for == set(kept)
    addresses = [kept["milvus"]["environment"][key] for key in ("ETCD_ENDPOINTS", "MINIO_ADDRESS")]
    assert {address.partition(":")[0] for address in addresses} == set(kept) - {"milvus"}


def test_passwords_are_asked_for_and_agree() -> None:
    services = compose("compose.yaml", "compose.milvus.yaml")
    milvus, objects = services["milvus"]["environment"], services["objects"]["environment"]
    password = "${MILVUS_PASSWORD:?is to be set in milvus.env}"
    assert milvus["COMMON_SECURITY_AUTHORIZATIONENABLED"] == "true"
    assert milvus["COMMON_SECURITY_DEFAULTROOTPASSWORD"] == password
    for name in ("serve", "bot"):
        assert services[name]["environment"]["NEWSQUOTE_MILVUS__TOKEN"] == f"root:{password}"
    assert milvus["MINIO_SECRET_ACCESS_KEY"] == objects["MINIO_ROOT_PASSWORD"]
    assert milvus["MINIO_ACCESS_KEY_ID"] == objects["MINIO_ROOT_USER"]
    assert objects["MINIO_ROOT_PASSWORD"].startswith("${OBJECTS_PASSWORD:?")


def test_an_image_is_made_with_extras_that_there_are() -> None:
    extras = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text(encoding="utf-8"))
    known = extras["project"]["optional-dependencies"]
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").splitlines()
    (usual,) = (line.partition("=")[2] for line in lines if line.startswith("ARG EXTRAS="))
    given = [
        usual,
        compose("compose.yaml", "compose.milvus.yaml")["serve"]["build"]["args"]["EXTRAS"],
    ]
    if "milvus" not in known:
        given.pop()
    assert {extra for names in given for extra in names.split(",")} <= set(known)
    assert any('".[$EXTRAS]"' in line for line in lines)


def test_the_health_of_the_server_is_told(demo_index: Path) -> None:
    _, program, *arguments = compose("compose.yaml")["serve"]["healthcheck"]["test"]
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

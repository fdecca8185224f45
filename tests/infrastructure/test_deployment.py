"""What the files of the production deployment promise each other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from outreach.settings import PREFIX, Settings, load

ROOT = Path(__file__).parents[2]
LASTING = ["postgres", "redis", "scheduler", "worker", "web"]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(ROOT / "docker-compose.yml")
    return loaded


def test_every_lasting_service_is_restarted_and_given_time_to_finish(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {*LASTING, "migrate"}
    for name in LASTING:
        service = compose["services"][name]
        assert (name, service["restart"], service["stop_grace_period"]) == (name, "unless-stopped", "30s")


def test_every_lasting_service_has_a_health_check(compose: dict[str, Any]) -> None:
    checked = {name for name in LASTING if "test" in compose["services"][name].get("healthcheck", {})}
    # The web is checked by the image's own HEALTHCHECK.
    assert checked | {"web"} == set(LASTING)
    assert "/readyz" in (ROOT / "Dockerfile").read_text()


def test_nothing_runs_before_the_tables_are_there(compose: dict[str, Any]) -> None:
    for name in ("scheduler", "worker", "web"):
        waits = compose["services"][name]["depends_on"]
        assert waits["migrate"]["condition"] == "service_completed_successfully"
    assert compose["services"]["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"


def test_the_broker_forgets_nothing(compose: dict[str, Any]) -> None:
    command = compose["services"]["redis"]["command"]
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert (options["--appendonly"], options["--maxmemory-policy"]) == ("yes", "noeviction")


def test_only_settings_that_exist_are_set(compose: dict[str, Any]) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in ("migrate", "scheduler", "worker", "web"):
        given = {variable.removesuffix("_FILE") for variable in compose["services"][name]["environment"]}
        assert given <= known


def test_every_secret_is_a_file_that_is_mounted_where_the_settings_look(compose: dict[str, Any]) -> None:
    script = (ROOT / "scripts" / "secrets.sh").read_text()
    for service in compose["services"].values():
        files = {
            Path(value).name for variable, value in service.get("environment", {}).items() if variable.endswith("_FILE")
        }
        assert files == set(service.get("secrets", []))
        assert files <= set(compose["secrets"])
    assert all(name in script for name in compose["secrets"])


def test_secrets_never_stand_in_the_environment(compose: dict[str, Any]) -> None:
    secret = {
        PREFIX + name.upper() for name, field in Settings.model_fields.items() if "Secret" in str(field.annotation)
    }
    for service in compose["services"].values():
        assert not secret & set(service.get("environment", {}))


def test_a_provider_that_is_not_used_may_stay_empty(compose: dict[str, Any], tmp_path: Path) -> None:
    environ = {}
    for variable, value in compose["services"]["worker"]["environment"].items():
        if variable.endswith("_FILE"):
            environ[variable] = str(tmp_path / Path(value).name)
            Path(environ[variable]).touch()
        else:
            environ[variable] = re.sub(r"\$\{\w+:-(\w*)\}", r"\1", value)
    assert load(environ).broker_url == "redis://redis:6379/0"


def test_the_image_has_the_letter_libraries_that_setup_installs() -> None:
    wanted = re.search(r"has_letter_libraries \|\| echo (.+)", (ROOT / "scripts" / "setup.sh").read_text())
    assert wanted
    image = (ROOT / "Dockerfile").read_text()
    assert all(package in image for package in wanted[1].split())


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-runtime.lock", "scripts/build.lock"])
def test_locks_pin_by_hash_and_record_no_download_address(lock: str) -> None:
    lines = (ROOT / lock).read_text().splitlines()
    assert not [line for line in lines if "://" in line or line.startswith("-")]
    pinned = [number for number, line in enumerate(lines) if re.match(r"[\w.\[\]-]+==", line)]
    assert pinned
    assert all("--hash=sha256:" in lines[number + 1] for number in pinned)


def test_production_holds_the_versions_that_were_tested() -> None:
    tested = _versions("requirements.lock")
    assert _versions("requirements-runtime.lock").items() <= tested.items()


def _versions(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.\[\]-]+)==([^\s;]+)", (ROOT / lock).read_text(), re.MULTILINE))

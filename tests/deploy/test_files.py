"""The files in deploy/ agree with the code: settings that exist, equal limits, nothing open that should not be."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from pydantic import SecretStr

from data_model.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
FILES = [path for path in DEPLOY.rglob("*") if path.is_file()]
UNITS = DEPLOY / "systemd"
EXAMPLE = (DEPLOY / "outreach.env.example").read_text()
COMPOSE = (DEPLOY / "compose.yaml").read_text()
NGINX = (DEPLOY / "nginx/outreach.conf").read_text()
IT_TEAMS = (ROOT / "docs/for-it-teams.md").read_text()
GIVEN_TO_COMMANDS = {"OUTREACH_SECRETS_DIR"}
"""Not a setting, but where settings may lie."""


def _is_secret(name: str) -> bool:
    return SecretStr in _parts(Settings.model_fields[name].annotation)


def _parts(annotation: object) -> tuple[object, ...]:
    return (annotation, *getattr(annotation, "__args__", ()))


@pytest.mark.parametrize("path", [*FILES, ROOT / "docs/for-it-teams.md"], ids=lambda path: path.name)
def test_only_settings_that_exist_are_named(path: Path) -> None:
    words = path.read_text()
    named = set(re.findall(r"\bOUTREACH_[A-Z_]+", words)) - GIVEN_TO_COMMANDS
    secrets = (
        set(re.findall(r"\boutreach_([a-z_]+)", words)) if path.suffix in {".yaml", ".service", ".conf"} else set()
    )
    known = {f"OUTREACH_{name.upper()}" for name in Settings.model_fields}
    assert named <= known
    assert secrets - {"connection", "path"} <= set(Settings.model_fields)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_example_has_every_setting_and_no_secret(name: str) -> None:
    line = re.search(rf"^(#?)OUTREACH_{name.upper()}=(.*)$", EXAMPLE, re.MULTILINE)
    if _is_secret(name):
        assert line is None, "a secret is a file"
        assert f"`{name}`" in EXAMPLE
    else:
        assert line


def test_the_example_is_read_without_a_complaint(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in re.findall(r"^#?(OUTREACH_[A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE):
        monkeypatch.setenv(name, value.strip("'"))
    assert Settings().is_live


def test_what_the_example_gives_as_defaults_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    invented = {"oidc_issuer", "oidc_client_id", "oidc_roles", "oidc_la_codes"}
    defaults = Settings()
    for name, value in re.findall(r"^#OUTREACH_([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE):
        if name.lower() not in invented:
            monkeypatch.setenv(f"OUTREACH_{name}", value.strip("'"))
    assert Settings() == defaults


def test_nginx_takes_files_as_large_as_the_upload_page_does() -> None:
    limit = int(re.findall(r"client_max_body_size (\d+)m", NGINX)[0])
    assert limit == Settings.model_fields["max_file_mb"].default + 1


def test_no_file_names_a_place_to_download_from() -> None:
    allowed = r"https://(outreach\.example\.gov\.uk|login\.microsoftonline\.com/TENANT-ID|\$host)|http://(127\.0\.0\.1|outreach\b)|file:///opt/outreach/docs/"
    for path in (*FILES, ROOT / "requirements.lock", ROOT / "docs/for-it-teams.md"):
        addresses = re.findall(r"(?:https?|file|git)://[^\s'\"`]+", path.read_text())
        assert [each for each in addresses if not re.match(allowed, each)] == [], path.name


def test_every_requirement_has_its_hashes() -> None:
    pinned = re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    locked = re.split(r"\n(?=[a-z])", (ROOT / "requirements.lock").read_text())
    hashed = {
        (match[1], match[2]) for entry in locked if (match := re.match(r"([\w.-]+)==([\w.]+)[^\n]*\\\n +--hash", entry))
    }
    missing = [
        f"{name}=={version}" for name, version in pinned if (name.lower().replace("_", "-"), version) not in hashed
    ]
    assert not missing, "Write requirements.lock anew: docs/for-it-teams.md, Upgrades, says how."


def test_what_the_units_start_exists() -> None:
    for path in UNITS.glob("*.service"):
        command = re.search(r"^ExecStart=/opt/outreach/\.venv/bin/python -m (.*)$", path.read_text(), re.MULTILINE)
        assert command, path.name
    for timer in UNITS.glob("*.timer"):
        assert timer.with_suffix(".service").exists()


def test_every_service_is_covered_by_the_hardening() -> None:
    assert all(path.name.startswith("outreach-") for path in UNITS.glob("*.service"))
    shared = (UNITS / "outreach-.service.d/hardening.conf").read_text()
    for line in (
        "ProtectSystem=strict",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
        "IPAddressDeny=any",
        "LimitCORE=0",
    ):
        assert f"\n{line}\n" in shared


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="There is no systemd-analyze: install systemd")
def test_systemd_finds_the_services_well_confined(tmp_path: Path) -> None:
    shutil.copytree(UNITS, tmp_path / "etc/systemd/system")
    names = [path.name for path in UNITS.glob("*.service")]
    command = ["systemd-analyze", f"--root={tmp_path}", "security", "--offline=true", "--threshold=20", "--no-pager"]
    done = subprocess.run([*command, *names], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert done.stdout.count("Overall exposure level") == len(names)


def test_compose_opens_the_app_to_this_machine_and_the_database_to_the_app() -> None:
    app, _, rest = COMPOSE.partition("\n  database:\n")
    database = rest.partition("\nnetworks:\n")[0]
    assert re.findall(r"^ +ports:(.*)$", COMPOSE, re.MULTILINE) == [' ["127.0.0.1:8501:8501"]']
    assert "ports:" not in database
    assert "  back:\n    internal: true\n" in COMPOSE
    for service in (app, database):
        for line in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "secrets: ["):
            assert line in service
    assert "PASSWORD:" not in COMPOSE


def test_the_image_runs_as_nobody_in_particular() -> None:
    image = (DEPLOY / "Dockerfile").read_text()
    assert re.search(r"^FROM \S+:\d+\.\d+\.\d+-\S+$", image, re.MULTILINE)
    assert "--require-hashes" in image
    assert image.index("\nUSER outreach\n") < image.index("\nCMD ")

"""Configuration from the environment: every setting starts with OUTREACH_."""

import os
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_DATABASE_URL = "sqlite:///var/outreach.db"
DEFAULT_SECRET_KEY = "the demonstration has no secrets"  # noqa: S105  # live mode refuses it


class Mode(StrEnum):
    """What the app is for: the fictional LA for anyone at this machine, or real children behind a sign-in."""

    DEMONSTRATION = "demonstration"
    LIVE = "live"


class Settings(BaseSettings):
    """The settings, each from the environment variable of its name with OUTREACH_ in front.

    A setting can also be a file of that name, in lower case, in the folder that OUTREACH_SECRETS_DIR names: that is how
    a secret stays out of the environment.
    """

    model_config = SettingsConfigDict(env_prefix="OUTREACH_", hide_input_in_errors=True, frozen=True)

    mode: Mode = Field(Mode.DEMONSTRATION, description="`live` asks everybody to sign in, and refuses the fictional LA")
    database_url: str = Field(DEFAULT_DATABASE_URL, description="SQLAlchemy URL of the database")
    max_file_mb: int = Field(200, gt=0, description="Largest file that the upload page takes, in megabytes")
    sample: bool = Field(True, description="Whether the app fills an empty default database with the fictional LA")
    small_number: int = Field(5, ge=3, le=20, description="Counts of fewer pupils than this are hidden, unless of none")

    secret_key: SecretStr = Field(
        SecretStr(DEFAULT_SECRET_KEY),
        min_length=32,
        description="Seals names and second factors, keys the audit: 32+ characters",
    )
    secret_key_before: SecretStr | None = Field(
        None, min_length=32, description="The key before: still opens what it sealed, until `python -m access reseal`"
    )
    pseudonym_key: SecretStr | None = Field(
        None, min_length=32, description="Set it to keep pupils under pseudonyms: 32+ characters, kept for good"
    )
    pseudonym_key_id: str = Field("k1", pattern="[a-z0-9]{1,8}", description="A name for the pseudonym key in use")
    pseudonym_key_before: SecretStr | None = Field(
        None, min_length=32, description="The key before, for `python -m access rotate-pseudonyms` alone"
    )
    public_url: str = Field("http://127.0.0.1:8501", description="Where people reach the app; https:// in live mode")
    trusted_proxies: frozenset[str] = Field(
        frozenset({"127.0.0.1", "::1"}), description="Addresses whose X-Forwarded-For is believed"
    )

    oidc_issuer: str | None = Field(None, description="OpenID Connect: the provider's address, found by discovery")
    oidc_client_id: str | None = Field(None, description="OpenID Connect: this app's client ID")
    oidc_client_secret: SecretStr | None = Field(None, description="OpenID Connect: this app's client secret")
    oidc_name: str = Field("your work account", description="What the button on the sign-in page calls the provider")
    oidc_role_claim: str = Field("roles", description="OpenID Connect: the claim that names roles or groups")
    oidc_roles: dict[str, str] = Field(
        default_factory=dict,
        description='OpenID Connect: a JSON object from claim values to roles: {"group": "leader"}',
    )

    oidc_la_codes: frozenset[int] = Field(
        frozenset(), description="OpenID Connect: a JSON list of the LAs that its people reach from their first sign-in"
    )

    backup_folder: Path = Field(Path("var/backups"), description="Where backups are written")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="How much is logged, to standard error as JSON"
    )

    @property
    def is_live(self) -> bool:
        """Whether real children's data belong here."""
        return self.mode is Mode.LIVE

    @property
    def database_is_default(self) -> bool:
        """True where nobody has named a database: the only one that the app may seed with fiction."""
        return self.database_url == DEFAULT_DATABASE_URL

    @property
    def secret_is_default(self) -> bool:
        """True where nobody has set a secret of their own."""
        return self.secret_key.get_secret_value() == DEFAULT_SECRET_KEY


@cache
def settings() -> Settings:
    """The settings of this process. Raises SystemExit with a sentence that names the variable to mend."""
    try:
        return Settings(_secrets_dir=os.environ.get("OUTREACH_SECRETS_DIR"))
    except ValidationError as error:
        names = ", ".join(f"OUTREACH_{str(fault['loc'][0]).upper()} ({fault['msg']})" for fault in error.errors())
        raise SystemExit(f"A setting cannot be used: {names}. Change it or unset it.") from None


def var_folder() -> Path:
    """The folder for what the app itself writes beside the code; made on first use."""
    folder = Path("var")
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder

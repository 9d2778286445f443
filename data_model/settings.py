"""Configuration from the environment: every setting starts with OUTREACH_."""

from functools import cache
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_DATABASE_URL = "sqlite:///var/outreach.db"


class Settings(BaseSettings):
    """The settings, each from the environment variable of its name with OUTREACH_ in front."""

    model_config = SettingsConfigDict(env_prefix="OUTREACH_", hide_input_in_errors=True)

    database_url: str = Field(DEFAULT_DATABASE_URL, description="SQLAlchemy URL of the database")
    max_file_mb: int = Field(200, gt=0, description="Largest file that the upload page takes, in megabytes")
    sample: bool = Field(True, description="Whether the app fills an empty default database with the fictional LA")

    @property
    def database_is_default(self) -> bool:
        """True where nobody has named a database: the only one that the app may seed with fiction."""
        return self.database_url == DEFAULT_DATABASE_URL


@cache
def settings() -> Settings:
    """The settings of this process. Raises SystemExit with a sentence that names the variable to mend."""
    try:
        return Settings()
    except ValidationError as error:
        names = ", ".join(f"OUTREACH_{str(fault['loc'][0]).upper()} ({fault['msg']})" for fault in error.errors())
        raise SystemExit(f"A setting cannot be used: {names}. Change it or unset it.") from None


def var_folder() -> Path:
    """The folder for what the app itself writes beside the code; made on first use."""
    folder = Path("var")
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder

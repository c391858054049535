"""Settings, read once from the environment (or an `.env` file). Documented in docs/operating.md."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Every key is an environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(env_file=ROOT / ".env", extra="ignore")

    database_url: str = ""
    instance_path: Path = ROOT / "instance"
    courses_path: Path = ROOT / "courses"
    secret_key: SecretStr = SecretStr("")
    base_url: str = "http://127.0.0.1:8000"
    behind_tls: bool = False
    trusted_hosts: list[str] = Field(default_factory=list)
    default_locale: Literal["vi", "en"] = "vi"
    session_days: int = 30
    upload_megabytes: int = 64
    log_level: str = "INFO"

    @property
    def database(self) -> str:
        """The SQLAlchemy URL, with the driver named; SQLite in the instance folder by default."""
        url = self.database_url or f"sqlite:///{self.instance_path / 'thaoso.sqlite'}"
        for scheme, driver in DRIVERS.items():
            if url.startswith(f"{scheme}://"):
                return url.replace(scheme, driver, 1)
        return url


DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}

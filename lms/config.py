"""Settings, read once from the environment (or an `.env` file). Documented in docs/operating.md."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
HOUR = r"([01]\d|2[0-3]):[0-5]\d"
Weekday = Annotated[int, Field(ge=1, le=7)]


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
    mail_url: Annotated[str, Field(repr=False, pattern=r"^(smtps?://[^\s/]+/?(\?starttls=[01])?)?$")] = ""
    mail_from: Annotated[str, Field(pattern=r"^[^\r\n]*[^\s<>@]+@[^\s<>@]+>?$")] = "thao-so@localhost"
    mail_quiet_hours: Annotated[str, Field(pattern=rf"^({HOUR}-{HOUR})?$")] = "21:00-07:00"
    mail_quiet_days: Annotated[list[Weekday], Field(max_length=6)] = [7]
    reminder_weekday: Weekday = 1
    signing_file: str = ""
    signing_password: SecretStr = SecretStr("")
    signing_module: str = ""
    signing_token: str = ""
    signing_label: str = ""
    signing_long_term: bool = False
    timestamp_url: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""
    public_courses: list[str] = Field(default_factory=list)
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

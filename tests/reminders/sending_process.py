"""A worker that does what waits, at any hour: to be killed."""

from lms import create_app
from tests.mortal import settings


def main(url: str, folder: str, mail_url: str) -> None:
    app = create_app(settings(url, folder, mail_url=mail_url, mail_quiet_hours="", mail_quiet_days=[]))
    app.test_cli_runner(catch_exceptions=False).invoke(args=["jobs", "work", "--once"])

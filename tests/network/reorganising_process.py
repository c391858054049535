"""A process that carries out an act, having said that it begins: to be killed."""

from lms import create_app
from tests.mortal import settings


def main(url: str, folder: str, act: str) -> None:
    app = create_app(settings(url, folder), TESTING=True)
    print("ready", flush=True)
    app.test_cli_runner().invoke(args=["network", "reorganise", act])

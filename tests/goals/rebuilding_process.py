"""A process that judges everybody, a few people a transaction: to be killed."""

from lms import cores, create_app
from lms.goals import rebuilding
from tests.mortal import settings


def main(url: str, folder: str) -> None:
    cores.PEOPLE = 5
    with create_app(settings(url, folder)).app_context():
        rebuilding.rebuild(progress=lambda done, total: print(done, flush=True))

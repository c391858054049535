"""A process that closes a version, a few people a transaction: to be killed."""

from lms import cores, create_app
from lms.yearbooks import closing
from tests.mortal import settings

commit = closing._Chain._commit


def tell(chain: closing._Chain, lines: list[closing.Line]) -> None:
    """Commit, and say how far it is."""
    commit(chain, lines)
    print(chain.number, flush=True)


def main(url: str, folder: str, version_id: str, over_cores: str = "") -> None:
    """With `over_cores` the people are judged by several processes."""
    closing.WRITTEN_AT_ONCE = 3
    closing._Chain._commit = tell  # type: ignore[assignment,method-assign]
    cores.PEOPLE = 20 if over_cores else cores.PEOPLE
    with create_app(settings(url, folder)).app_context():
        closing.carry_out(int(version_id), lambda done, total: None)

"""A process that closes a version, a few people a transaction: to be killed. `python -m … URL FOLDER VERSION [cores]`"""

import sys
from pathlib import Path

from lms import cores, create_app
from lms.config import Settings
from lms.yearbooks import closing

commit = closing._Chain._commit


def tell(chain: closing._Chain, lines: list[closing.Line]) -> None:
    """Commit, and say how far it is."""
    commit(chain, lines)
    print(chain.number, flush=True)


def main(url: str, folder: str, version_id: str, *way: str) -> None:
    """With `cores` the people are judged by several processes."""
    settings = Settings(_env_file=None, database_url=url, instance_path=Path(folder), secret_key="test")
    closing.WRITTEN_AT_ONCE = 3
    closing._Chain._commit = tell  # type: ignore[assignment,method-assign]
    cores.PEOPLE = 20 if way else cores.PEOPLE
    with create_app(settings).app_context():
        closing.carry_out(int(version_id), lambda done, total: None)


if __name__ == "__main__":
    main(*sys.argv[1:])

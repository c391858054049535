"""`python -m bench [NAME …]`: run the programs (all of them by default) and print one table and one JSON document."""

import importlib
import sys

from bench.report import show

PROGRAMS = ("pages", "certificates", "imports", "goals", "rebuild", "updates", "dashboards", "forecast")


def main(names: list[str]) -> None:
    rows = []
    for name in names or PROGRAMS:
        rows += importlib.import_module(f"bench.{name}").run()
    show(rows)


if __name__ == "__main__":
    main(sys.argv[1:])

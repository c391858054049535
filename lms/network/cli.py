"""`flask network …`"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from rich.progress import Progress as Bar

from lms import audit, text
from lms.db import db, reading
from lms.jobs import Progress
from lms.language import gettext, speaking
from lms.network import imports, reorganisation_files, reorganisation_words, reorganisations, sheets
from lms.network.plans import Plan
from lms.network.reorganisation import Proposal, propose

network = AppGroup("network", help="Units, people and posts: import HR's files.")

TABLES = {".csv", ".txt", ".tsv", ".xlsx", ".xls", ".ods"}


@network.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--skip-bad-rows", is_flag=True, help="Take the good rows; write the bad ones to NAME.bad.csv.")
def import_files(paths: Sequence[Path], dry_run: bool, skip_bad_rows: bool) -> None:
    """Import files, and every file that is known by its name in folders: all of it or nothing."""
    with speaking(current_app.config["DEFAULT_LOCALE"]), audit.acting(None, "cli"):
        found = _files(paths)
        contents = {name: path.read_bytes() for name, path in found.items()}
        if dry_run:
            with reading(), _bar() as progress:
                plan = imports.plan(contents, progress=progress)
            _tell([change.words() for change in plan.changes])
        else:
            plan = _import(contents, skip_bad_rows)
        _tell([problem.words() for problem in (*plan.errors, *plan.notices)])
        _tell(_summary(plan))
        if not (plan.is_clean or (skip_bad_rows and plan.is_readable)):
            raise SystemExit(1)
        if skip_bad_rows and not dry_run:
            _write_bad_rows(plan, found)


@network.command("reorganise")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say who and what would move, and change nothing.")
def reorganise(paths: Sequence[Path], dry_run: bool) -> None:
    """Carry out an act: reorganisation.csv, and moves.csv where people must decide, as files or in a folder."""
    with speaking(current_app.config["DEFAULT_LOCALE"]), audit.acting(None, "cli"):
        read = reorganisation_files.read({name: path.read_bytes() for name, path in _act_files(paths).items()})
        if read.problems or read.on is None:
            _tell([problem.words() for problem in read.problems] or [gettext("import.no-files")])
            raise SystemExit(1)
        if dry_run:
            with reading():
                found = propose(read.act())
                _tell(list(reorganisation_words.told(found)))
        else:
            found = _reorganise(read)
        if not found.is_ready or (not dry_run and reorganisations.blocked()):
            raise SystemExit(1)


def _reorganise(read: reorganisation_files.Read) -> Proposal:
    """Carry an act out; one that would change nothing leaves no trace."""
    found = propose(read.act())
    if found.is_ready and found.plan.good_rows:
        act = reorganisations.start(act=read.act(), scope=None, account_id=None)
        found = reorganisations.carry_out(act=act)
    _tell(list(reorganisation_words.told(found)))
    if key := reorganisations.blocked():
        db.session.rollback()
        _tell([gettext(key)])
    elif found.is_ready:
        db.session.commit()
    return found


def _act_files(paths: Sequence[Path]) -> dict[str, Path]:
    """The files of an act by name; of a folder those that are called so."""
    known = reorganisation_files.LINES.titles | reorganisation_files.MOVES.titles
    found = [
        file
        for path in paths
        for file in (sorted(path.iterdir()) if path.is_dir() else [path])
        if not path.is_dir() or (file.suffix.lower() in TABLES and text.slug(file.stem) in known)
    ]
    if not found:
        raise click.ClickException(gettext("import.no-files"))
    return {file.name: file for file in found}


def _import(contents: dict[str, bytes], skip_bad_rows: bool) -> Plan:
    with _bar() as progress:
        plan = imports.plan(contents, progress=progress)
    if plan.good_rows and (plan.is_clean or (skip_bad_rows and plan.is_readable)):
        imports.recompute(imports.apply(plan, batch=imports.store(contents)))
        db.session.commit()
    return plan


def _files(paths: Sequence[Path]) -> dict[str, Path]:
    """The files by the names under which problems are told."""
    found = [file for path in paths for file in (_known_in(path) if path.is_dir() else [path])]
    by_name = {file.name: file for file in found}
    if not found:
        raise click.ClickException(gettext("import.no-files"))
    if len(by_name) < len(found):
        raise click.ClickException(gettext("import.same-names"))
    return by_name


def _known_in(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.iterdir()) if file.suffix.lower() in TABLES and sheets.named(file.name)]


@contextmanager
def _bar() -> Iterator[Progress | None]:
    """Progress as a bar, when somebody is there to see it."""
    if not sys.stderr.isatty():
        yield None
        return
    with Bar(transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _summary(plan: Plan) -> Iterator[str]:
    for name, counts in plan.counts.items():
        yield gettext("import.summary", sheet=name, **asdict(counts))


def _tell(lines: Iterator[str] | list[str]) -> None:
    for line in lines:
        click.echo(line)


def _write_bad_rows(plan: Plan, found: dict[str, Path]) -> None:
    for name, rows in plan.bad_rows.items():
        if rows.facts:
            path = found[name].with_name(imports.bad_rows_name(name))
            path.write_bytes(imports.bad_rows(rows))
            click.echo(gettext("import.bad-rows-written", number=len(rows.facts), path=path))

"""Commands that belong to no package: schema, assets, jobs, the server, and the health of an installation."""

import os
import subprocess
import sys

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from lms import assets, db, fonts, jobs, share_card
from lms.documents import faces
from lms.language import gettext, speaking
from lms.mail import queries as mail
from lms.trust import pades

jobs_group = AppGroup("jobs", help="Long work.")
assets_group = AppGroup("assets", help="Files made for browsers.")


def init_app(app: Flask) -> None:
    for command in (jobs_group, assets_group, migrate, serve, doctor):
        app.cli.add_command(command)


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the schema to the newest version, from nothing or from any earlier one."""
    db.alembic.upgrade()


@assets_group.command("build")
def build_assets() -> None:
    """Make the web fonts, which are subsets of the font package's faces, and the picture of shared links."""
    folder = assets.fonts_folder(current_app)
    if not list(folder.glob("*.woff2")):
        folder.mkdir(parents=True, exist_ok=True)
        fonts.build_web_fonts(folder)
    card = assets.share_card(current_app)
    if not card.exists():
        mark = (assets.present().static / "mark.svg").read_text("utf-8")
        faces = {"bold": fonts.program(fonts.BOLD), "regular": fonts.program(fonts.REGULAR)}
        card.write_bytes(share_card.draw(mark, gettext("share.name"), gettext("share.words"), **faces))


@jobs_group.command("work")
@click.option("--once", is_flag=True, help="Do what waits, then stop.")
def work(once: bool) -> None:
    """Do queued jobs: imports, account sheets, exports."""
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        jobs.run_pending() if once else jobs.work()


@click.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--workers", default=2, show_default=True)
@with_appcontext
def serve(port: int, host: str, workers: int) -> None:
    """Run the web server and one job worker until interrupted."""
    db.require_schema(current_app)
    with speaking(current_app.config["DEFAULT_LOCALE"]):
        click.echo(gettext("serve.open", address=f"http://{host}:{port}"))
    worker = subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"])
    server = ["-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers)]
    try:
        subprocess.run([sys.executable, *server, "--no-ws", "--blocking-threads", "4", "wsgi:app"], check=False)
    except KeyboardInterrupt:
        pass
    finally:
        worker.terminate()
        worker.wait()


@click.command()
@with_appcontext
def doctor() -> None:
    """Say in sentences what is wrong with this installation; exit status 1 when something is."""
    problems = [
        sentence for check in (_schema, _sqlite, _fonts, _serif, _disk, _mail, _signing) if (sentence := check())
    ]
    for sentence in problems:
        click.echo(sentence)
    if problems:
        raise SystemExit(1)


def _schema() -> str | None:
    return None if db.has_newest_schema() else gettext("doctor.schema")


def _sqlite() -> str | None:
    version = tuple(map(int, db.SQLITE_VERSION.split(".")))
    is_used = db.db.engine.dialect.name == "sqlite"
    return gettext("doctor.sqlite", version=db.SQLITE_VERSION) if is_used and version < (3, 51, 3) else None


def _fonts() -> str | None:
    return None if list(assets.fonts_folder(current_app).glob("*.woff2")) else gettext("doctor.fonts")


def _serif() -> str | None:
    return None if faces.folder() else gettext("doctor.serif")


def _mail() -> str | None:
    if not db.has_newest_schema():
        return None
    with db.reading():
        trouble = mail.health()
    return gettext(f"doctor.mail.{trouble}") if trouble else None


def _signing() -> str | None:
    trouble = pades.trouble()
    return gettext(f"doctor.signing.{trouble}") if trouble else None


def _disk() -> str | None:
    space = os.statvfs(current_app.config["INSTANCE_PATH"])
    free = space.f_bavail * space.f_frsize // 1024**2
    return gettext("doctor.disk", free=free) if free < 500 else None

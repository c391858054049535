"""`kill -9` in the middle of an act: it is wholly there, or wholly absent."""

import random
import time
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from lms.db import OPEN_END, db, reading
from lms.network.models import Assignment, ReorganisationAct, Succession, UnitVersion
from tests.mortal import Mother
from tests.network.files import assignments, people, take, units

WARDS, STAFF, ROUNDS = 60, 20, 8
TRACES = {
    "posts that ended": sa.select(sa.func.count()).select_from(Assignment).where(Assignment.to_on < OPEN_END),
    "posts": sa.select(sa.func.count()).select_from(Assignment),
    "versions": sa.select(sa.func.count()).select_from(UnitVersion),
    "lineage": sa.select(sa.func.count()).select_from(Succession),
    "acts": sa.select(sa.func.count()).select_from(ReorganisationAct),
}
ABSENT = {"posts that ended": 0, "posts": WARDS * STAFF, "versions": WARDS + 1, "lineage": 0, "acts": 0}
WHOLE = {
    "posts that ended": WARDS * STAFF,
    "posts": 2 * WARDS * STAFF,
    "versions": WARDS + 2,
    "lineage": WARDS,
    "acts": 1,
}


def settle(folder: Path) -> None:
    """Wards with their staff, and the act that merges all of them into one."""
    codes = [f"W{n}" for n in range(WARDS)]
    staff = [f"{code}-{n}" for code in codes for n in range(STAFF)]
    take(
        {
            "units.csv": units(
                "48,Đà Nẵng,tp,tỉnh,,2020-01-01,", *(f"{c},Phường {c},phường,xã,48,2020-01-01," for c in codes)
            ),
            "people.csv": people(*(f"{who},Nguyễn Thị Em,công chức,," for who in staff)),
            "assignments.csv": assignments(*(f"{who},{who.split('-')[0]},đầu mối,,,,x,2021-01-01,," for who in staff)),
        }
    )
    lines = [f"{code},NEW,sáp nhập,2025-07-01,NQ,Phường Mới" for code in codes]
    header = "from_code,to_code,type,on,legal_basis,to_name"
    (folder / "reorganisation.csv").write_text("\n".join([header, *lines]), "utf-8")


def found() -> dict[str, int | None]:
    with reading():
        return {name: db.session.scalar(query) for name, query in TRACES.items()}


def test_a_killed_act_is_wholly_there_or_wholly_absent(
    app: Flask, database: str, tmp_path: Path, mother: Mother
) -> None:
    settle(tmp_path)
    assert found() == ABSENT
    chance, seen = random.Random(1072025), []
    for number in range(ROUNDS):
        process = mother.begin("tests.network.reorganising_process", database, app.config["INSTANCE_PATH"], tmp_path)
        process.written.readline()
        time.sleep(chance.uniform(0.02, 0.2 * (number + 1)))
        process.kill()
        seen.append(found())
        assert seen[-1] in (ABSENT, WHOLE)
        if seen[-1] == WHOLE:
            break
    assert ABSENT in seen, "the first was killed too late to show anything"
    result = app.test_cli_runner().invoke(args=["network", "reorganise", str(tmp_path)])
    assert (result.exit_code, found()) == (0, WHOLE), "what was killed does not stand in the way"

"""Files for imports, as small as a test allows."""

from collections.abc import Mapping

from lms.db import db
from lms.network import imports
from lms.network.models import ImportBatch
from lms.network.plans import Plan

UNITS = (
    "code,name,kind,level,parent_code,from,to\n"
    "48,Thành phố Đà Nẵng,thành phố,tỉnh,,2020-01-01,\n"
    "00490,Phường Hải Châu,phường,xã,48,2025-07-01,\n"
    "00490-1,Tổ 1,tổ,tổ,00490,2025-07-01,\n"
)
PEOPLE = "person_id,full_name,employment,email,phone\nCB1,Trần Văn Ân,công chức,an@example.vn,0905000001\n"
ASSIGNMENTS = (
    "person_id,unit_code,role,position,title,nature,primary,from,to,decision\n"
    "CB1,00490,chuyên trách,Chuyên viên chuyển đổi số,Chuyên viên,chuyên trách,x,2026-01-01,,12/QĐ\n"
)
ABSENCES = "person_id,type,from,to,suspends\nCB1,thai sản,01/03/2026,01/09/2026,có\n"
CREDITS = "person_id,activity,category,periods,completed_on,source,class,module,state\n"
EVERYTHING = {"units.csv": UNITS, "people.csv": PEOPLE, "assignments.csv": ASSIGNMENTS, "absences.csv": ABSENCES}

Files = Mapping[str, str | bytes]


def plan(files: Files, **options: object) -> Plan:
    return imports.plan({name: _as_bytes(content) for name, content in files.items()}, **options)  # type: ignore[arg-type]


def take(files: Files) -> ImportBatch:
    """Import files that must be without errors."""
    contents = {name: _as_bytes(content) for name, content in files.items()}
    found = imports.plan(contents)
    assert found.is_clean, [problem.words() for problem in found.errors]
    batch = imports.store(contents)
    imports.apply(found, batch=batch)
    db.session.commit()
    return batch


def found_in(files: Files, **options: object) -> list[tuple[str, int, str, str]]:
    """The errors of files: (file, row, column, key)."""
    return [(problem.file, problem.row, problem.column, problem.key) for problem in plan(files, **options).errors]


def people(*rows: str) -> str:
    return "\n".join(["person_id,full_name,employment,email,phone", *rows, ""])


def units(*rows: str) -> str:
    return "\n".join(["code,name,kind,level,parent_code,from,to", *rows, ""])


def assignments(*rows: str) -> str:
    return "\n".join(["person_id,unit_code,role,position,title,nature,primary,from,to,decision", *rows, ""])


def credits(*rows: str) -> str:
    return "\n".join([CREDITS.strip(), *rows, ""])


def _as_bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content

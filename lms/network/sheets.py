"""The sheets that can be imported, each declared as its columns, its key and its checks.

Adding a sheet is adding a `Sheet`; packages above register theirs (`lms.goals.imports`). A file is known by its name or
by its header, a column by its English name or one of its Vietnamese labels, here as slugs: `ma-can-bo` is «Mã cán bộ».
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from lms import cells, text
from lms.db import OPEN_END, Base, db
from lms.network import checks
from lms.network.known import Record
from lms.network.models import (
    Absence,
    AbsenceType,
    Assignment,
    Employment,
    Level,
    Nature,
    Person,
    Post,
    Succession,
    SuccessionType,
    UnitAncestor,
    UnitHeir,
    UnitVersion,
)
from lms.network.plans import Fact, Finding, Outcome, Plan

SAMPLES = Path(__file__).with_name("samples")
PERSON, UNIT = "person", "unit"

Check = Callable[[Sequence[Fact], Plan], Iterable[Finding]]
Act = Callable[[Sequence[Fact], Plan], None]
Settle = Callable[[Fact, Sequence[Record], Plan], Outcome]


@dataclass(frozen=True)
class Column:
    """A column of a file: how its cells are read, its other names, and the attribute of the model that it fills.

    A column that refers to a person or a unit holds a code in the file and becomes an id.
    """

    name: str
    read: Callable[[str], Any]
    labels: str = ""
    attribute: str = ""
    is_required: bool = False
    default: Any = None
    refers: str = ""

    @cached_property
    def fills(self) -> str:
        return self.attribute or self.name


@dataclass(frozen=True)
class Sheet:
    """A kind of file. The checks run in this order:

    `prepare` before codes become ids, `complete` adds what no column says, `review` looks across rows, `settle` meets
    each with what is stored under its key (insert or update, by default), `after` follows up the rows that stand.
    """

    name: str
    model: type[Base]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    labels: str = ""
    day: str = "from_on"
    samples: Path = SAMPLES
    extra: Mapping[str, Any] = field(default_factory=dict)
    prepare: Act | None = None
    complete: Check | None = None
    review: Check | None = None
    settle: Settle | None = None
    after: Act | None = None

    @cached_property
    def by_label(self) -> Mapping[str, Column]:
        """The columns by every slug that may stand above them."""
        return {slug: column for column in self.columns for slug in (text.slug(column.name), *column.labels.split())}

    @cached_property
    def titles(self) -> frozenset[str]:
        """The names, as slugs, that a file or a workbook's sheet of this kind may have."""
        return frozenset({self.name, *self.labels.split()})

    @cached_property
    def defaults(self) -> Mapping[str, Any]:
        """What a new row holds where its file has no column."""
        return {column.fills: column.default for column in self.columns} | dict(self.extra)

    @property
    def owner(self) -> str:
        """The attribute by which all stored rows that a file may touch are found."""
        return self.key[0]

    @property
    def sample(self) -> Path:
        return self.samples / f"{self.name}.csv"

    def missing(self, slugs: Iterable[str]) -> list[str]:
        """The required columns that a header lacks."""
        present = {self.by_label[slug].name for slug in slugs if slug in self.by_label}
        return [column.name for column in self.columns if column.is_required and column.name not in present]


EMPLOYMENTS = cells.choice(
    {
        Employment.CADRE: "can-bo cb",
        Employment.CIVIL_SERVANT: "cong-chuc cc",
        Employment.PUBLIC_EMPLOYEE: "vien-chuc vc",
        Employment.NON_SPECIALISED: "khong-chuyen-trach nguoi-hoat-dong-khong-chuyen-trach ban-chuyen-trach",
        Employment.VOLUNTEER: "tinh-nguyen tinh-nguyen-vien nguoi-dan",
        Employment.ENTERPRISE: "doanh-nghiep nguoi-cua-doanh-nghiep",
        Employment.EXPERT: "chuyen-gia",
    }
)
LEVELS = cells.choice(
    {
        Level.CENTRAL: "trung-uong tw cap-trung-uong",
        Level.PROVINCE: "tinh cap-tinh thanh-pho tinh-thanh-pho",
        Level.DISTRICT: "huyen cap-huyen quan quan-huyen",
        Level.COMMUNE: "xa cap-xa phuong xa-phuong phuong-xa dac-khu",
        Level.VILLAGE_TEAM: "to thon to-dan-pho to-cong-nghe-so-cong-dong to-cnscd",
    }
)
ROLES = cells.choice(
    {
        "dedicated": "chuyen-trach can-bo-chuyen-trach",
        "focal-point": "dau-moi can-bo-dau-moi",
        "incident-response": "ung-cuu-su-co doi-ung-cuu-su-co",
        "leader": "lanh-dao nguoi-dung-dau thu-truong",
        "steering": "ban-chi-dao chi-dao",
        "ioc": "trung-tam-dieu-hanh trung-tam-giam-sat-dieu-hanh-thong-minh",
        "community-lead": "to-truong to-truong-to-cong-nghe-so-cong-dong",
        "community-deputy": "to-pho",
        "community-member": "thanh-vien to-vien thanh-vien-to-cong-nghe-so-cong-dong",
        "trainer": "giang-vien bao-cao-vien",
        "enterprise": "doanh-nghiep",
        "expert": "chuyen-gia",
    },
    is_open=True,
)
NATURES = cells.choice({Nature.FULL_TIME: "chuyen-trach toan-thoi-gian", Nature.PART_TIME: "kiem-nhiem ban-thoi-gian"})
SUCCESSION_TYPES = cells.choice(
    {
        SuccessionType.MERGE: "sap-nhap hop-nhat nhap",
        SuccessionType.SPLIT: "tach chia chia-tach",
        SuccessionType.RENAME: "doi-ten",
        SuccessionType.ABOLISH: "giai-the cham-dut",
        SuccessionType.TRANSFER: "chuyen dieu-chuyen chuyen-giao",
    }
)
ABSENCE_TYPES = cells.choice(
    {
        AbsenceType.MATERNITY: "thai-san nghi-thai-san",
        AbsenceType.SICKNESS: "om om-dau nghi-om om-dai-ngay",
        AbsenceType.UNPAID: "khong-luong nghi-khong-luong nghi-khong-huong-luong",
        AbsenceType.SECONDMENT: "biet-phai",
        AbsenceType.STUDY: "di-hoc hoc-tap-trung",
        AbsenceType.MILITARY: "nghia-vu-quan-su quan-su",
    }
)
POST_KINDS = cells.choice({"position": "vi-tri vi-tri-viec-lam", "title": "chuc-danh tieu-chuan-chuc-danh ngach"})

PERSON_CODE = "ma-can-bo ma-nhan-vien ma-so-can-bo ma-nguoi ma-cong-chuc ma-cc ma-cbcc"
UNIT_CODE = "ma-don-vi ma-dv don-vi"
FROM = Column("from", cells.day, "tu-ngay ngay-bat-dau tu hieu-luc-tu", "from_on", is_required=True)
TO = Column("to", cells.end, "den-ngay ngay-ket-thuc den het-hieu-luc", "to_on", default=OPEN_END)
WHO = Column("person_id", cells.code, PERSON_CODE, is_required=True, refers=PERSON)
WHERE = Column("unit_code", cells.code, UNIT_CODE, "unit_id", is_required=True, refers=UNIT)

UNITS = Sheet(
    "units",
    UnitVersion,
    key=("unit_id", "from_on"),
    labels="don-vi danh-sach-don-vi",
    columns=(
        Column("code", cells.code, f"ma {UNIT_CODE}", "unit_id", is_required=True, refers=UNIT),
        Column("name", cells.line(), "ten ten-don-vi", is_required=True),
        Column("kind", cells.line(100), "loai loai-don-vi loai-hinh", default=""),
        Column("level", LEVELS, "cap cap-don-vi", is_required=True),
        Column("parent_code", cells.code, "ma-cap-tren ma-don-vi-cap-tren truc-thuoc", "parent_id", refers=UNIT),
        FROM,
        TO,
    ),
    prepare=checks.meet_units,
    complete=checks.describe_units,
    review=checks.review_units,
    after=checks.settle_units,
)
SUCCESSIONS = Sheet(
    "successions",
    Succession,
    key=("from_unit_id", "to_unit_id", "on", "type"),
    labels="sap-xep ke-thua sap-xep-don-vi",
    day="on",
    columns=(
        Column("from_code", cells.code, "tu-don-vi ma-don-vi-cu ma-cu", "from_unit_id", is_required=True, refers=UNIT),
        Column("to_code", cells.code, "den-don-vi thanh-don-vi ma-don-vi-moi ma-moi", "to_unit_id", refers=UNIT),
        Column("type", SUCCESSION_TYPES, "loai hinh-thuc", is_required=True),
        Column("on", cells.day, "ngay ngay-hieu-luc", is_required=True),
        Column("legal_basis", cells.line(), "can-cu can-cu-phap-ly", default=""),
    ),
)
POSITIONS = Sheet(
    "positions",
    Post,
    key=("unit_id", "kind", "code", "from_on"),
    labels="vi-tri-viec-lam vi-tri chuc-danh",
    columns=(
        WHERE,
        Column("kind", POST_KINDS, "loai", is_required=True),
        Column("code", cells.code, "ma ma-vi-tri ma-chuc-danh", is_required=True),
        Column("title", cells.line(), "ten ten-goi ten-vi-tri ten-chuc-danh", is_required=True),
        Column("reference", cells.line(100), "tham-chieu ma-tham-chieu"),
        FROM,
        TO,
    ),
    review=checks.review_posts,
    after=checks.remember_posts,
)
PEOPLE = Sheet(
    "people",
    Person,
    key=("code",),
    labels="can-bo nhan-su nguoi danh-sach danh-sach-can-bo nhan-vien",
    day="",
    columns=(
        Column("person_id", cells.code, PERSON_CODE, "code", is_required=True),
        Column("full_name", cells.name, "ho-va-ten ho-ten ten ho-dem-va-ten", is_required=True),
        Column("employment", EMPLOYMENTS, "doi-tuong loai-can-bo dien loai-hinh-lao-dong", is_required=True),
        Column("email", cells.email, "e-mail thu-dien-tu dia-chi-email dia-chi-e-mail"),
        Column("phone", cells.phone, "dien-thoai so-dien-thoai sdt di-dong"),
    ),
    prepare=checks.meet_people,
    complete=checks.describe_people,
    review=checks.review_people,
    after=checks.remember_people,
)
ASSIGNMENTS = Sheet(
    "assignments",
    Assignment,
    key=("person_id", "unit_id", "role", "from_on"),
    labels="phan-cong phan-cong-nhiem-vu nhiem-vu",
    columns=(
        WHO,
        WHERE,
        Column("role", ROLES, "vai-tro vai-tro-mang-luoi", is_required=True),
        Column("position", cells.line(), "vi-tri vi-tri-viec-lam", "position_id"),
        Column("title", cells.line(), "chuc-danh tieu-chuan-chuc-danh ngach", "title_id"),
        Column("nature", NATURES, "tinh-chat hinh-thuc che-do"),
        Column("primary", cells.truth, "chinh nhiem-vu-chinh la-chinh", "is_primary", default=False),
        FROM,
        TO,
        Column("decision", cells.line(), "quyet-dinh so-quyet-dinh"),
    ),
    complete=checks.describe_assignments,
    review=checks.review_assignments,
    after=checks.write_drafted_posts,
)
ABSENCES = Sheet(
    "absences",
    Absence,
    key=("person_id", "type", "from_on"),
    labels="vang-mat nghi nghi-phep",
    columns=(
        WHO,
        Column("type", ABSENCE_TYPES, "loai ly-do", is_required=True),
        FROM,
        TO,
        Column("suspends", cells.truth, "tam-dung tru-thoi-gian", default=True),
    ),
)

Afterwards = Callable[[set[int]], None]
Forget = Callable[[sa.ColumnElement[bool]], None]


def _delete(table: type[Base]) -> Forget:
    def forget(which: sa.ColumnElement[bool]) -> None:
        db.session.execute(sa.delete(table).where(which))

    return forget


SHEETS: list[Sheet] = [UNITS, SUCCESSIONS, POSITIONS, PEOPLE, ASSIGNMENTS, ABSENCES]
"""In the order in which they are read: a sheet refers only to sheets before it."""

DERIVED: dict[str, Forget] = {"unit_ancestor": _delete(UnitAncestor), "unit_heir": _delete(UnitHeir)}
"""Tables that hold no facts: their rows go with what they are derived from, and are made anew. How each forgets rows."""

AFTERWARDS: list[Afterwards] = []
"""What must be recomputed for people after facts about them changed."""

BLOCKERS: list[Callable[[], str | None]] = []
"""Each says, as a message key, why no act may change the map now, or None."""


def blocked() -> str | None:
    """Why the map may not change now, as a message key; None when it may."""
    return next((key for ask in BLOCKERS if (key := ask())), None)


def register(*sheets: Sheet, derived: Mapping[str, Forget], afterwards: Iterable[Afterwards]) -> None:
    """Add the sheets of a package above, its derived tables, and what it recomputes. Twice is as once."""
    SHEETS.extend(sheet for sheet in sheets if sheet not in SHEETS)
    DERIVED.update(derived)
    AFTERWARDS.extend(act for act in afterwards if act not in AFTERWARDS)


def named(name: str) -> Sheet | None:
    """The sheet that a file's name tells."""
    stem = text.slug(Path(name).stem)
    return next((sheet for sheet in SHEETS if stem in sheet.titles), None)


def fitting(header: Iterable[str]) -> Sheet | None:
    """The sheet that a header tells: it has all required columns, and the most columns."""
    slugs = {text.slug(title) for title in header}
    fits = [sheet for sheet in SHEETS if not sheet.missing(slugs)]
    return max(fits, key=lambda sheet: len(slugs & sheet.by_label.keys()), default=None)


def all_labels() -> frozenset[str]:
    """Every slug that stands for some column."""
    return frozenset().union(*(sheet.by_label for sheet in SHEETS))

"""A small bank of Đà Nẵng and Huế, and trainers who use it."""

from typing import Any

from lms.access import Role
from lms.accounts.models import Account
from lms.accounts.queries import accounts_of
from lms.authoring import actions as authoring
from lms.authoring.models import Draft
from lms.banks import actions
from lms.banks.models import BankItem
from lms.catalogue.content import Option, Question
from lms.db import db
from tests.catalogue.packages import GOOD
from tests.people import Cast, account, person, post

SUBJECTS = (
    "Giấy khai sinh cấp ở đâu?",
    "Sổ đỏ do nơi nào ký?",
    "Ai giữ mật khẩu của bà con?",
    "Phí nộp bằng cách nào?",
)


def question(text: str = SUBJECTS[0], **fields: Any) -> Question:
    """A single choice as the bank has it: its topic and outcome are words."""
    usual: dict[str, Any] = {
        "id": "", "type": "single", "topic": "Thủ tục", "outcome": "Làm được một việc.", "difficulty": "easy",
        "options": (Option(f"{text} Một cửa", right=True), Option(f"{text} Bưu điện"), Option(f"{text} Chợ")),
    }  # fmt: skip
    return Question(text=text, **(usual | fields))


def item(unit_id: int, text: str = SUBJECTS[0], sharing: str = "private", **fields: Any) -> BankItem:
    """A question in the bank, committed."""
    made = actions.add(unit_id=unit_id, sharing=sharing, question=question(text, **fields), by_id=None)
    db.session.commit()
    return made


def trainer(name: str, code: str, unit_id: int) -> Account:
    """Somebody who teaches in a unit."""
    who = person(name, code)
    post(who, unit_id, "trainer")
    made = account(who, Role.TRAINER, unit_id)
    db.session.commit()
    return made


def draft(cast: Cast, **files: str) -> Draft:
    """A draft of Đà Nẵng by Chi, with one question on «Chủ đề» in it."""
    by = accounts_of([cast.chi.id])[cast.chi.id]
    made = authoring.begin(
        slug="khoa-thu", title="Khóa học thử", unit_id=cast.da_nang, by_id=by.id, files={**GOOD, **files}
    )
    db.session.commit()
    return made

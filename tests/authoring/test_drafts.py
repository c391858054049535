"""A draft is written in revisions; what two people write at once is joined, and nobody's text is lost."""

import pytest
import sqlalchemy as sa
from flask import Flask

from lms.authoring import actions, queries, rules
from lms.authoring.models import Draft
from lms.db import db
from tests.catalogue.packages import GOOD, publish
from tests.people import Cast


def begun(cast: Cast, **more: str) -> Draft:
    return actions.begin(
        slug="khoa-thu", title="Khóa học thử", unit_id=cast.da_nang, by_id=None, files={**GOOD, **more}
    )


def save(draft: Draft, base: int, **more: str | None) -> int:
    files = {**queries.revision(draft, base).files, **more}
    kept = {path: text for path, text in files.items() if text is not None}
    return actions.save(draft=draft, files=kept, base=base, by_id=None, act="edit").number


def test_a_new_course_can_be_read_at_once_though_not_published(cast: Cast) -> None:
    draft = actions.begin(slug="khoa-moi", title="Khóa mới", unit_id=cast.da_nang, by_id=None)
    package = queries.package(draft)
    assert package.content is not None
    assert (package.content.title, draft.revision) == ("Khóa mới", 1)
    assert package.errors


def test_each_save_is_a_revision_and_the_same_again_is_none(cast: Cast) -> None:
    draft = begun(cast)
    assert save(draft, 1, **{"course.toml": GOOD["course.toml"].replace("Khóa học thử", "Tên khác")}) == 2
    assert save(draft, 2) == 2
    assert (draft.title, draft.revision) == ("Tên khác", 2)
    assert queries.revision(draft, 1).files == GOOD


def test_two_people_who_change_different_files_both_keep_their_text(cast: Cast) -> None:
    draft = begun(cast)
    save(draft, 1, **{"02-bai-hai.md": "hai"})
    assert save(draft, 1, **{"quiz.toml": "khác", "01-bai-mot.md": None}) == 3
    assert queries.current_files(draft) == {
        "course.toml": GOOD["course.toml"],
        "02-bai-hai.md": "hai",
        "quiz.toml": "khác",
    }


def test_who_changes_the_same_place_later_is_told_and_gets_both_texts(cast: Cast) -> None:
    draft = begun(cast)
    save(draft, 1, **{"quiz.toml": "của chị"})
    with pytest.raises(actions.Conflict) as conflict:
        save(draft, 1, **{"quiz.toml": "của tôi", "02-bai-hai.md": "hai"})
    clash = conflict.value.clashes[0]
    assert (clash.path, clash.theirs, clash.mine) == ("quiz.toml", "của chị", "của tôi")
    assert draft.revision == 2


def test_of_a_course_one_draft_is_open_at_a_time(cast: Cast) -> None:
    first = begun(cast)
    assert begun(cast).id == first.id
    with pytest.raises(actions.Taken):
        actions.begin(slug="khoa-thu", title="Khác", unit_id=cast.hue, by_id=None)
    assert db.session.scalar(sa.select(sa.func.count(Draft.id))) == 1


def test_no_course_is_called_like_a_page_of_the_desk(app: Flask, cast: Cast) -> None:
    beside_courses = {rule.rule.split("/")[2] for rule in app.url_map.iter_rules() if rule.rule.startswith("/teach/")}
    assert {name for name in beside_courses if not name.startswith("<")} == rules.RESERVED
    with pytest.raises(actions.Taken):
        actions.begin(slug="drafts", title="Drafts", unit_id=cast.da_nang, by_id=None)
    assert queries.free_slug("Drafts") == "drafts-2"


def test_the_code_of_a_published_course_is_taken_unless_one_begins_from_it(cast: Cast) -> None:
    version = publish()
    with pytest.raises(actions.Taken):
        begun(cast)
    draft = actions.begin(slug="khoa-thu", title="", unit_id=None, by_id=None, files=GOOD, based_on=version)
    assert draft.based_on_id == version.id

"""Writes of the trainer's desk: drafts and their revisions."""

from collections.abc import Mapping

import sqlalchemy as sa

from lms import audit, clock, text
from lms.authoring import first as starting
from lms.authoring import merging, queries, rules
from lms.authoring.models import Draft, DraftRevision
from lms.authoring.rules import Clash, Obstacle, State
from lms.catalogue import queries as catalogue
from lms.catalogue import writing
from lms.catalogue.models import Course, CourseVersion
from lms.db import db, hold

AUTOSAVE = "autosave"


class Conflict(Exception):
    """Somebody else changed the same places since the writer opened them. Nothing was written."""

    def __init__(self, theirs: DraftRevision, clashes: list[Clash]) -> None:
        super().__init__(", ".join(clash.path for clash in clashes))
        self.theirs, self.clashes = theirs, clashes


class Closed(Exception):
    """A draft that was published or discarded takes no more text."""


class Taken(Exception):
    """The code of a course that belongs to others; `slug` names it."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


def begin(
    *,
    slug: str,
    title: str,
    unit_id: int | None,
    by_id: int | None,
    files: Mapping[str, str] | None = None,
    media: Mapping[str, str] | None = None,
    based_on: CourseVersion | None = None,
) -> Draft:
    """Begin a draft of a course, new or known; the one that is open, when there is one with the same beginning.

    Raises `Taken`, also for a code that names a page of the desk.
    """
    if slug in rules.RESERVED:
        raise Taken(slug)
    hold(f"draft:{slug}")
    course = db.session.scalar(sa.select(Course).where(Course.slug == slug))
    if (open_one := queries.open_draft(slug)) is not None:
        if open_one.unit_id == unit_id and open_one.based_on_id == (based_on.id if based_on else None):
            return open_one
        raise Taken(slug)
    if course is not None and (based_on is None or based_on.course_id != course.id or course.unit_id != unit_id):
        raise Taken(slug)
    now = clock.now()
    draft = Draft(
        slug=slug, unit_id=unit_id, title=title, based_on_id=based_on.id if based_on else None, created_at=now,
        created_by_id=by_id, changed_at=now, changed_by_id=by_id, state=State.DRAFT.value, revision=0,
    )  # fmt: skip
    db.session.add(draft)
    db.session.flush()
    first = _normal(starting.files(slug, title) if files is None else files)
    _write(draft, first, dict(media or {}), by_id, "begin")
    audit.record("authoring.begin", draft, course=slug)
    return draft


def save(
    *,
    draft: Draft,
    files: Mapping[str, str],
    media: Mapping[str, str] | None = None,
    base: int,
    by_id: int | None,
    act: str,
) -> DraftRevision:
    """Write the next revision of a draft: all its files, and all its media unless they stay as they are.

    `base` is the revision that the writer changed; what others wrote since is joined with it. The newest revision comes
    back when nothing is new. Raises `Conflict`, `Closed`.
    """
    draft = queries.draft(draft.id, lock=True)
    if not draft.is_open:
        raise Closed
    before, newest = queries.base(draft, base), queries.current(draft)
    wanted, clashes = merging.merged(before.files, newest.files, _normal(files))
    pictures, lost = merging.merged(before.media, newest.media, before.media if media is None else media)
    if clashes or lost:
        raise Conflict(newest, clashes + lost)
    if wanted == newest.files and pictures == newest.media:
        return newest
    new = _write(draft, wanted, pictures, by_id, act)
    if act != AUTOSAVE:  # what is saved by itself every few seconds has its revision as its record
        audit.record("authoring.save", draft, course=draft.slug, revision=new.number, act=act)
    return new


def restore(*, draft: Draft, number: int, by_id: int) -> DraftRevision:
    """Write an earlier revision once more, as the newest. Raises `Closed`."""
    draft = queries.draft(draft.id, lock=True)
    if not draft.is_open:
        raise Closed
    wanted, newest = queries.revision(draft, number), queries.current(draft)
    if (wanted.files, wanted.media) == (newest.files, newest.media):
        return newest
    new = _write(draft, wanted.files, wanted.media, by_id, "restore")
    audit.record("authoring.restore", draft, course=draft.slug, revision=new.number, of=number)
    return new


def catch_up(*, draft: Draft, by_id: int) -> list[Clash]:
    """Join what was published meanwhile to a draft; where both changed the same place, the draft's text stays.

    Returns these places. Raises `Closed`, `Taken`.
    """
    draft = queries.draft(draft.id, lock=True)
    if not draft.is_open:
        raise Closed
    course, newest, base = catalogue.course(draft.slug), queries.current(draft), draft.based_on
    if course.unit_id != draft.unit_id:
        raise Taken(draft.slug)
    version = catalogue.current(draft.slug)
    began = base if base and base.course_id == course.id else None
    files, clashes = merging.merged(
        queries.files_of(began) if began else {}, newest.files, writing.files(version.content)
    )
    media, lost = merging.merged(began.media if began else {}, newest.media, version.media)
    draft.based_on = catalogue.stored(version.version_id)
    if (files, media) != (newest.files, newest.media):
        _write(draft, files, media, by_id, "catch-up")
    audit.record("authoring.catch-up", draft, course=draft.slug, version=version.number)
    return clashes + lost


def discard(*, draft: Draft) -> None:
    """Write no more on a draft; its revisions stay."""
    if draft.is_open:
        draft.state, draft.closed_at, draft.publish_on = State.DISCARDED.value, clock.now(), None
        audit.record("authoring.discard", draft, course=draft.slug)


def _write(
    draft: Draft, files: Mapping[str, str], media: Mapping[str, str], by_id: int | None, act: str
) -> DraftRevision:
    draft.revision += 1
    draft.changed_at, draft.changed_by_id = clock.now(), by_id
    draft.title = rules.title_in(files) or draft.title
    _unsettle(draft)
    new = DraftRevision(
        draft_id=draft.id, number=draft.revision, files=dict(files), media=dict(media), act=act, made_by_id=by_id,
        made_at=draft.changed_at,
    )  # fmt: skip
    db.session.add(new)
    db.session.flush()
    return new


def _unsettle(draft: Draft) -> None:
    """An approval, and a day of publishing, are of the text that was seen."""
    if draft.state == State.APPROVED:
        draft.state, draft.approved_revision = State.DRAFT.value, None
    if draft.publish_on:
        draft.publish_on, draft.publish_by_id, draft.obstacle = None, None, Obstacle.CHANGED.value


def _normal(files: Mapping[str, str]) -> dict[str, str]:
    return {path: text.normal(content).replace("\0", "") for path, content in files.items()}

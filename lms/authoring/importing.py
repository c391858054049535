"""What a file of others brought, taken into a draft: seen first, then as one revision, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from itsdangerous import BadSignature, URLSafeSerializer

from lms import files
from lms.authoring import actions
from lms.authoring.models import Draft, DraftRevision
from lms.authoring.opened import opened
from lms.catalogue import pictures, writing
from lms.catalogue.content import SLUG, Lesson
from lms.exchange import fitting, formats
from lms.exchange.carried import Carried
from lms.exchange.formats import Format

KEPT = 8
MOST_CODE = 80


class Unreadable(Exception):
    """A draft whose text has mistakes takes nothing until they are mended."""


class Nothing(Exception):
    """Everything that was brought is there already, or was left out."""


@dataclass(frozen=True)
class Sent:
    """A file that somebody sent; its content is kept by its digest."""

    name: str
    digest: str

    @cached_property
    def format(self) -> Format | None:
        return _read(self.name, self.digest)[0]

    @property
    def carried(self) -> Carried:
        """What is in the file. Not to be changed."""
        return _read(self.name, self.digest)[1]


def ticket(sent: Sent, *, account_id: int, key: str) -> str:
    """A name for a sent file that only its sender can use."""
    return _signer(key, account_id).dumps([sent.name, sent.digest])


def sent(ticket: str, *, account_id: int, key: str) -> Sent:
    """The file of a ticket. Raises FileNotFoundError."""
    try:
        name, digest = _signer(key, account_id).loads(ticket)
    except (BadSignature, ValueError) as error:
        raise FileNotFoundError(ticket) from error
    files.path_of(digest)
    return Sent(name, digest)


@lru_cache(KEPT)
def _read(name: str, digest: str) -> tuple[Format | None, Carried]:
    return formats.read(name, files.read(digest))


def take_in(
    *, draft: Draft, carried: Carried, keeps_doubles: bool, by_id: int | None, act: str = "import"
) -> tuple[DraftRevision, int, int]:
    """Write what was brought behind what a draft has: (the revision, questions taken, lessons taken).

    Questions that ask what is asked already are left out unless `keeps_doubles`; lessons that are there always.
    Raises `Unreadable`, `Nothing`, `actions.Conflict`, `actions.Closed`.
    """
    found = opened(draft)
    if found.content is None:
        raise Unreadable
    doubles = {} if keeps_doubles else fitting.doubles(found.content.quiz.questions, carried.questions)
    questions = tuple(q for q in carried.questions if q.id not in doubles)
    lessons = _new(carried.lessons, found.content.lessons)
    if not questions and not lessons:
        raise Nothing
    media, renamed = _stored(carried.media, found.media)
    fitted = fitting.into(
        found.content, replace_in(replace(carried, questions=questions, lessons=lessons), renamed)
    ).content
    texts = {path: source for path, source in found.files.items() if not path.endswith(".md")}
    revision = actions.save(
        draft=draft, files=texts | _changed(writing.files(fitted), found.files, fitted.lessons), media={**found.media, **media},
        base=found.number, by_id=by_id, act=act,
    )  # fmt: skip
    return revision, len(questions), len(lessons)


def is_code(words: str) -> bool:
    """Whether words can be the code of a new course."""
    return bool(SLUG.match(words)) and len(words) <= MOST_CODE


def replace_in(carried: Carried, renamed: Mapping[str, str]) -> Carried:
    """What was brought, its pictures under other names."""
    if not renamed:
        return carried

    def with_names(source: str) -> str:
        for old, new in renamed.items():
            source = source.replace(f"({old}", f"({new}")
        return source

    return replace(
        carried,
        lessons=tuple(replace(lesson, text=with_names(lesson.text)) for lesson in carried.lessons),
        questions=tuple(pictures.changed(question, with_names) for question in carried.questions),
    )


def shown_doubles(draft: Draft | None, carried: Carried) -> dict[str, str]:
    """Questions that are in the draft already, or twice in the file: id by id."""
    content = opened(draft).content if draft else None
    return fitting.doubles(content.quiz.questions if content else (), carried.questions)


def _new(lessons: tuple[Lesson, ...], present: tuple[Lesson, ...]) -> tuple[Lesson, ...]:
    known = {(lesson.title, lesson.text) for lesson in present}
    return tuple(lesson for lesson in lessons if (lesson.title, lesson.text) not in known)


def _stored(media: Mapping[str, bytes], present: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Keep pictures: their digests by path, and the paths of those whose name another picture has."""
    stored: dict[str, str] = {}
    renamed: dict[str, str] = {}
    for path, content in media.items():
        digest, name, number = files.put(content), path, 1
        while present.get(name, digest) != digest or stored.get(name, digest) != digest:
            number += 1
            stem, _, ending = path.rpartition(".")
            name = f"{stem}-{number}.{ending}"
        stored[name] = digest
        if name != path:
            renamed[path] = name
    return stored, renamed


def _changed(written: Mapping[str, str], before: Mapping[str, str], lessons: tuple[Lesson, ...]) -> dict[str, str]:
    """The files to write: lessons that were there stay letter by letter as somebody wrote them, like the head."""
    names = {f"{lesson.slug}.md" for lesson in lessons}
    kept = {path: source for path, source in before.items() if path in names or path == "course.toml"}
    return {**written, **kept}


def _signer(key: str, account_id: int) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=f"import of {account_id}")

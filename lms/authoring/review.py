"""What a reviewer reads: a draft in pieces, each with what was said about it. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from lms.authoring.models import ReviewComment
from lms.authoring.words import ALIKE, alike
from lms.catalogue import blocks, writing
from lms.catalogue.content import Content

HEAD, QUIZ = "course.toml", "quiz.toml"


@dataclass(frozen=True)
class Thread:
    """A comment with its answers; `is_changed`: its block was written anew since."""

    comment: ReviewComment
    answers: tuple[ReviewComment, ...] = ()
    is_changed: bool = False


@dataclass(frozen=True)
class Piece:
    """A block of a lesson, or a question. `name` is the hash of its text; of a whole file it is ""."""

    path: str
    name: str
    text: str
    number: int
    threads: list[Thread] = field(default_factory=list, compare=False)

    @property
    def anchor(self) -> str:
        """Where it stands on the page."""
        return anchor(self.path, self.number)


def name_of(text: str) -> str:
    """The name of a block, which it keeps wherever it moves."""
    return sha256(text.strip().encode()).hexdigest()[:16]


def anchor(path: str, number: int) -> str:
    """Where the block of a file stands on the page of a review; 0 is the file."""
    return f"{path.rpartition('.')[0]}-{number}"


def pieces(content: Content) -> list[Piece]:
    """A course in the order in which it is read: each file first as a whole, then block by block."""
    found = [Piece(HEAD, "", "", 0)]
    for lesson in content.lessons:
        path = f"{lesson.slug}.md"
        found += [Piece(path, "", "", 0), *_numbered(path, (block.source for block in blocks.split(lesson.text)))]
    return [*found, Piece(QUIZ, "", "", 0), *_numbered(QUIZ, map(writing.question, content.quiz.questions))]


def place(found: Sequence[Piece], comments: Sequence[ReviewComment]) -> list[Thread]:
    """Put each comment to its piece: to the same text, else to the text most like it in the file, else to the file.

    Returns those whose file is gone.
    """
    lost: list[Thread] = []
    answers: dict[int, list[ReviewComment]] = {}
    for comment in comments:
        if comment.parent_id is not None:
            answers.setdefault(comment.parent_id, []).append(comment)
    for comment in comments:
        if comment.parent_id is None:
            piece = _piece_of(found, comment)
            is_changed = bool(comment.block) and (piece is None or piece.name != comment.block)
            thread = Thread(comment, tuple(answers.get(comment.id, ())), is_changed)
            (lost if piece is None else piece.threads).append(thread)
    return lost


def _piece_of(found: Sequence[Piece], comment: ReviewComment) -> Piece | None:
    same_file = [piece for piece in found if piece.path == comment.path]
    wherever = [piece for piece in found if piece.name and piece.name == comment.block]
    for piece in same_file:
        if piece.name == comment.block:
            return piece
    if wherever:
        return wherever[0]
    likely = ((alike(comment.quoted, piece.text), -piece.number, piece) for piece in same_file if piece.name)
    best = max(likely, default=None, key=lambda one: one[:2])
    return best[2] if best and best[0] >= ALIKE else next(iter(same_file), None)


def _numbered(path: str, texts: Iterable[str]) -> Iterator[Piece]:
    return (Piece(path, name_of(text), text, number) for number, text in enumerate(filter(None, texts), start=1))

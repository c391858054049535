"""What an act of reorganisation makes of people's posts: pure. Whoever serves in a unit that ends serves on in its heir.

The rows that come out follow `reorganising`: known ids are written over, negative ids are new.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from lms.network.maps import Fates, Move
from lms.network.models import Nature
from lms.network.reorganising import NewId

FULL_TIME_ROLE = "dedicated"


@dataclass(frozen=True, slots=True)
class Service:
    """A person serves in a unit in a role on the days `[from_on, to_on)`."""

    id: int
    person_id: int
    unit_id: int
    role: str
    nature: str
    from_on: date
    to_on: date
    is_primary: bool = False
    position_id: int | None = None
    title_id: int | None = None
    decision: str | None = None

    def holds_on(self, day: date) -> bool:
        return self.from_on <= day < self.to_on


@dataclass(frozen=True, slots=True)
class Going:
    """A post on its way: where to (None leaves the network), in which role, by which decision."""

    post: Service
    to_id: int | None
    role: str
    decision: str


@dataclass(slots=True)
class Moved:
    """The posts as they will be, in the rows that change; `undecided` posts have no place yet.

    `stuck` are posts noted for later days that can neither be moved nor left where nothing will be.
    """

    posts: list[Service] = field(default_factory=list)
    going: list[Going] = field(default_factory=list)
    undecided: list[Service] = field(default_factory=list)
    stuck: list[Service] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Run:
    """Days `[start, end)` on which a person serves under one post in the new unit."""

    post_id: int
    start: date
    end: date
    is_primary: bool


def move(fates: Fates, posts: Iterable[Service], new_id: NewId) -> Moved:
    """What becomes of the posts that hold on or after the day; `posts` are all of everybody concerned."""
    day = fates.act.on
    made = Moved()
    open_posts = [post for post in posts if post.to_on > day]
    for post in open_posts:
        if post.unit_id in fates.left:
            _send(fates, post, made)
    residents = _by_place(post for post in open_posts if post.unit_id not in fates.ending)
    arriving: dict[tuple[int, int | None, str], list[Going]] = defaultdict(list)
    for going in made.going:
        arriving[going.post.person_id, going.to_id, going.role].append(going)
    for (person_id, to_id, role), group in arriving.items():
        if to_id is None:
            _leave(group, day, made)
        else:
            _arrive(to_id, group, residents[person_id, to_id, role], day, made, new_id)
    return made


def _send(fates: Fates, post: Service, made: Moved) -> None:
    place = fates.place_of_person(post.person_id, post.unit_id)
    if place is None:
        if post.unit_id in fates.ending:
            made.undecided.append(post)
    elif place.to_id != post.unit_id:
        made.going.append(Going(post, place.to_id, place.role or post.role, _basis(fates, post, place)))


def _basis(fates: Fates, post: Service, place: Move) -> str:
    lines = fates.lines[post.unit_id]
    return next((line.legal_basis for line in lines if line.to_id == place.to_id), lines[0].legal_basis)


def _by_place(posts: Iterable[Service]) -> dict[tuple[int, int | None, str], list[Service]]:
    found: dict[tuple[int, int | None, str], list[Service]] = defaultdict(list)
    for post in posts:
        found[post.person_id, post.unit_id, post.role].append(post)
    return found


def _leave(group: Sequence[Going], day: date, made: Moved) -> None:
    for going in group:
        if going.post.from_on < day:
            made.posts.append(replace(going.post, to_on=day))
        else:
            made.stuck.append(going.post)


def _arrive(
    to_id: int, group: Sequence[Going], residents: Sequence[Service], day: date, made: Moved, new_id: NewId
) -> None:
    """Of posts in one role that meet in a unit one holds on each day, and it is primary if one of them was."""
    arriving = {going.post.id: going for going in group}
    runs: dict[int, list[Run]] = defaultdict(list)
    for run in _runs([*(going.post for going in group), *residents], set(arriving), day):
        runs[run.post_id].append(run)
    for post in (*(going.post for going in group), *residents):
        here = _in_role(post, to_id, arriving[post.id]) if post.id in arriving else post
        _lay(post, here, runs[post.id], day, made, new_id)


def _in_role(post: Service, to_id: int, going: Going) -> Service:
    """The post as it goes on in the new unit."""
    nature = post.nature
    if going.role != post.role:
        nature = Nature.FULL_TIME if going.role == FULL_TIME_ROLE else Nature.PART_TIME
    return replace(post, unit_id=to_id, role=going.role, nature=nature, decision=going.decision or post.decision)


def _runs(posts: Sequence[Service], arriving: set[int], day: date) -> Iterator[Run]:
    """The days from `day` on, each under the post that counts: one noted for later, else one already there, else one that came."""
    cuts = sorted({max(day, edge) for post in posts for edge in (post.from_on, post.to_on)})
    last: Run | None = None
    for start, end in pairwise(cuts):
        held = [post for post in posts if post.holds_on(start)]
        if not held:
            continue
        counts = min(held, key=lambda post: (_rank(post, arriving, day), post.from_on, post.id))
        run = Run(counts.id, start, end, any(post.is_primary for post in held))
        if last and (last.post_id, last.is_primary, last.end) == (run.post_id, run.is_primary, run.start):
            last = replace(last, end=end)
        else:
            if last:
                yield last
            last = run
    if last:
        yield last


def _rank(post: Service, arriving: set[int], day: date) -> int:
    if post.id not in arriving:
        return 1
    return 0 if post.from_on >= day else 2


def _lay(post: Service, here: Service, runs: Sequence[Run], day: date, made: Moved, new_id: NewId) -> None:
    """Write a post's days: what it was up to the day stays, what follows is its runs in the new unit."""
    rest = list(runs)
    if post.from_on >= day:
        if not rest:
            made.stuck.append(post)
            return
        kept = _under(here, rest.pop(0))
    elif here is post and rest and rest[0].start == day and rest[0].is_primary == post.is_primary:
        kept = replace(post, to_on=rest.pop(0).end)
    else:
        kept = replace(post, to_on=day)
    if kept != post:
        made.posts.append(kept)
    made.posts += [replace(_under(here, run), id=new_id()) for run in rest]


def _under(post: Service, run: Run) -> Service:
    return replace(post, from_on=run.start, to_on=run.end, is_primary=run.is_primary)

"""The members of the network: who they are and which posts they have held. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count

from lms import text
from lms.demo import chance, data
from lms.demo.cast import NEW_MAP, PLAYERS
from lms.demo.data import Row
from lms.network.models import Employment, Level, Nature

EVERY_RARE = 17
WITHOUT_PHONE = 1 / 12


@dataclass(frozen=True, slots=True)
class Member:
    """A person by staff code; `posts` are rows of assignments.csv without the person."""

    code: str
    employment: str
    posts: tuple[Row, ...]
    full_name: str = ""


def members(today: date) -> list[Member]:
    """Everybody: the cast, the staff of offices, the community teams."""
    return [*players(today), *staff(today), *teams(today)]


def players(today: date) -> Iterator[Member]:
    for player in PLAYERS:
        nature = Nature.FULL_TIME if player.role in ("dedicated", "trainer", "leader") else Nature.PART_TIME
        post = _post(player.unit, player.role, nature, data.filled(player.since, today))
        yield Member(player.code, player.employment, (post,), player.full_name)


def staff(today: date) -> Iterator[Member]:
    """The people of groups.csv, each group with its career in posts.csv."""
    careers: dict[str, list[Row]] = defaultdict(list)
    for row in data.rows("posts.csv", today):
        careers[row.pop("group")].append(row)
    for group in data.rows("groups.csv", today):
        for number in range(1, int(group["people"]) + 1):
            yield Member(f"{group['group']}-{number:02}", group["employment"], tuple(careers[group["group"]]))


def teams(today: date) -> Iterator[Member]:
    """Six or seven neighbours a team: one leads, one stands in."""
    for unit in data.rows("units.csv", today):
        if unit["level"] == Level.VILLAGE_TEAM:
            for number in range(1, chance.whole(6, 7, unit["code"]) + 1):
                role = {1: "community-lead", 2: "community-deputy"}.get(number, "community-member")
                employment = Employment.NON_SPECIALISED if number == 1 else Employment.VOLUNTEER
                post = _post(unit["code"], role, Nature.PART_TIME, NEW_MAP)
                yield Member(f"{unit['code']}-{number:02}", employment, (post,))


def people_rows(everybody: Iterable[Member]) -> list[Row]:
    """people.csv."""
    return [_person(member, number) for number, member in zip(count(1), everybody, strict=False)]


def assignment_rows(everybody: Iterable[Member]) -> list[Row]:
    """assignments.csv."""
    return [{"person_id": member.code, **post} for member in everybody for post in member.posts]


def _person(member: Member, number: int) -> Row:
    is_volunteer = member.employment == Employment.VOLUNTEER
    has_phone = not is_volunteer or member.full_name or chance.share(member.code, "phone") >= WITHOUT_PHONE
    return {
        "person_id": member.code,
        "full_name": member.full_name or _name(member.code, number),
        "employment": member.employment,
        "email": "" if is_volunteer else f"{text.slug(member.code)}@example.org",
        "phone": f"0900000{number:03}" if has_phone else "",
    }


def _name(code: str, number: int) -> str:
    names = data.document("names.toml")
    if number % EVERY_RARE == 0:
        return str(names["rare"][number // EVERY_RARE % len(names["rare"])])
    half = names[chance.pick(("women", "men"), code)]
    parts = names["family"], half["middle"], half["given"]
    return " ".join(chance.pick(part, code, place) for place, part in enumerate(parts))


def _post(unit: str, role: str, nature: Nature, since: str) -> Row:
    post = {"unit_code": unit, "role": role, "position": "", "title": "", "nature": nature}
    return post | {"primary": "yes", "from": since, "to": ""}

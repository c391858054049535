"""Pages of the network: the unit tree and people. The pages of imports are in `import_views`."""

from flask import Blueprint, render_template, request
from flask_login import current_user

from lms import text
from lms.access import Permission, allow
from lms.clock import today
from lms.network import queries
from lms.network.models import Employment
from lms.pages import after_key, page_of

network = Blueprint("network", __name__)


@network.get("/units")
@allow(Permission.READ_PEOPLE)
def units() -> str:
    """The units at the top of one's reach."""
    scope, day = current_user.scope(Permission.READ_PEOPLE), today()
    if scope is None:
        tops = [row.UnitVersion for row in queries.children(None, day)]
    else:
        tops = list(queries.roots(scope, day))
    return render_template("network/units.html", units=tops, codes=queries.codes([u.unit_id for u in tops], day))


@network.get("/units/<int:unit_id>")
@allow(Permission.READ_PEOPLE)
def unit(unit_id: int) -> str:
    """A unit: what it is, what it was, and the units below."""
    day = today()
    below = queries.children(unit_id, day)
    acts = queries.successions(unit_id)
    ids = {unit_id, *(row.UnitVersion.unit_id for row in below), *_units_of(acts)}
    return render_template(
        "network/unit.html",
        unit=queries.unit(unit_id, day),
        path=queries.path(unit_id, day),
        children=below,
        history=queries.history(unit_id),
        successions=acts,
        names=queries.names(ids),
        linked=queries.within(_units_of(acts), current_user.scope(Permission.READ_PEOPLE)) if acts else (),
        codes=queries.codes(ids, day),
    )


@network.get("/people")
@allow(Permission.READ_PEOPLE)
def people() -> str:
    """People within reach, found by name without accents, staff code, role and employment."""
    return _people(None)


@network.get("/units/<int:unit_id>/people")
@allow(Permission.READ_PEOPLE)
def unit_people(unit_id: int) -> str:
    """People of a unit and below."""
    return _people(unit_id)


@network.get("/people/<int:person_id>")
@allow(Permission.READ_PEOPLE)
def person(person_id: int) -> str:
    """A person and their posts."""
    return render_template(
        "network/person.html", person=queries.person(person_id), assignments=queries.assignments(person_id)
    )


def _people(unit_id: int | None) -> str:
    asked = {
        "query": text.clean(request.args.get("q", ""))[:100],
        "role": request.args.get("role", "")[:40],
        "employment": request.args.get("employment", "")[:40],
    }
    found = queries.people(
        current_user.scope(Permission.READ_PEOPLE),
        today(),
        unit_id=unit_id,
        after=after_key(),
        limit=queries.PAGE + 1,
        **asked,
    )
    shown, more = page_of(found, queries.PAGE)
    return render_template(
        "network/people.html",
        unit=queries.unit(unit_id, today()) if unit_id else None,
        people=shown,
        more=more,
        roles=queries.role_codes(),
        employments=list(Employment),
        **asked,
    )


def _units_of(acts: object) -> set[int]:
    return {unit_id for act in acts for unit_id in (act.from_unit_id, act.to_unit_id) if unit_id}  # type: ignore[attr-defined]

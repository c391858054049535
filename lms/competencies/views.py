"""Pages of competencies: frames, one's own profile, the profiles of people within reach."""

from flask import Blueprint, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.catalogue import queries as catalogue
from lms.competencies import mine, profile, queries
from lms.network import queries as network

competencies = Blueprint("competencies", __name__)

Page = str | Response | tuple[str, int]


@competencies.get("/competencies")
@allow(Permission.OWN)
def index() -> str:
    """The frames, and the pathways."""
    titles = catalogue.titles(catalogue.offered())
    return render_template(
        "competencies/index.html", frames=queries.frames(), pathways=queries.pathways(), titles=titles
    )


@competencies.get("/competencies/<code>")
@allow(Permission.OWN)
def frame(code: str) -> str:
    """A frame: its components, and the courses that build each."""
    found, offered = queries.frame(code), catalogue.offered()
    offers, titles = [queries.offer(each, code) for each in offered], catalogue.titles(offered)
    builds = {one: [offer for offer in offers if one in offer.components] for one in found.components}
    return render_template("competencies/frame.html", frame=found, builds=builds, titles=titles)


@competencies.get("/my/competencies")
@allow(Permission.OWN)
def my_profile() -> str:
    """What one has shown, with the evidence, and what may come next."""
    frame, frames = queries.chosen(request.args.get("frame", ""))
    found = profile.of(current_user.person_id, frame, catalogue.offered()) if frame else None
    return render_template("competencies/my_profile.html", profile=found, frames=frames)


@competencies.get("/my/pathway")
@allow(Permission.OWN)
def my_pathway() -> str:
    """The pathways meant for one's posts, and how far one is."""
    walks = mine.walks(current_user.person_id, catalogue.offered())
    return render_template("competencies/my_pathway.html", walks=walks)


@competencies.get("/people/<int:person_id>/competencies")
@allow(Permission.READ_PEOPLE)
def person(person_id: int) -> str:
    """What a person has shown, and their pathways."""
    frame, frames = queries.chosen(request.args.get("frame", ""))
    offered = catalogue.offered()
    return render_template(
        "competencies/person.html",
        person=network.person(person_id),
        profile=profile.of(person_id, frame, offered) if frame else None,
        frames=frames,
        walks=mine.walks(person_id, offered),
    )

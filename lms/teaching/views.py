"""The trainer's home."""

from flask import Blueprint, render_template
from flask_login import current_user

from lms.access import Permission, allow
from lms.teaching import queries

teaching = Blueprint("teaching", __name__)


@teaching.get("/teach")
@allow(Permission.TEACH)
def home() -> str:
    """What needs the trainer today, and how the courses do."""
    courses = queries.courses(current_user)
    return render_template("teaching/home.html", tasks=queries.tasks(current_user, courses), courses=courses)

"""Pages of the trainer's desk."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import files
from lms.access import Permission, allow
from lms.archives import UnsafeArchive
from lms.authoring import queries
from lms.authoring.forms import PublishForm, UploadForm
from lms.authoring.upload import read_zip
from lms.catalogue import actions
from lms.catalogue import queries as catalogue
from lms.language import gettext

authoring = Blueprint("authoring", __name__)

Page = str | Response | tuple[str, int]


@authoring.get("/teach")
@allow(Permission.TEACH)
def desk() -> str:
    """What the courses are doing, and where a new version is handed in."""
    return render_template("authoring/desk.html", courses=queries.courses(), form=UploadForm())


@authoring.get("/teach/<course>")
@allow(Permission.TEACH)
def course(course: str) -> str:
    """One course: its versions, its bank, how its quiz does."""
    published = catalogue.current(course)
    numbers = next(row for row in queries.courses() if row.Course.slug == course)
    history = catalogue.history(published.course_id)
    return render_template(
        "authoring/course.html", published=published, content=published.content, numbers=numbers, history=history
    )


@authoring.post("/teach/check")
@allow(Permission.TEACH)
def check() -> Page:
    """Check an uploaded package and show what is wrong, or what would be published."""
    form = UploadForm()
    if not form.validate_on_submit():
        return render_template("authoring/desk.html", courses=queries.courses(), form=form), 422
    name, content = form.package.data.filename or "", form.package.data.read()
    try:
        package = read_zip(name, content)
    except UnsafeArchive as reason:
        form.package.errors = [gettext(reason.key)]
        return render_template("authoring/desk.html", courses=queries.courses(), form=form), 422
    confirm = PublishForm(formdata=None, name=name, digest=files.put(content))
    return render_template("authoring/check.html", package=package, form=confirm), 422 if package.errors else 200


@authoring.post("/teach/publish")
@allow(Permission.TEACH)
def publish() -> Response:
    """Publish the package that was checked, as the next version of its course."""
    form = PublishForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        package = read_zip(form.name.data or "", files.read(form.digest.data or ""))
        version = actions.publish(package=package, by_id=current_user.account_id)
    except (FileNotFoundError, UnsafeArchive, actions.NotPublishable):
        abort(400)
    flash(gettext("courses.published", course=version.course.title, number=version.number), "success")
    return redirect(url_for("authoring.desk"))

"""Recognition: learning elsewhere, events and teaching, exemptions and absences, each with who asked and who decided."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.recognition import absence_views, activity_views, exemption_views, views

    assert absence_views and activity_views and exemption_views
    app.register_blueprint(views.recognition)

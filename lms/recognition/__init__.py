"""Recognition: learning elsewhere, events and teaching, exemptions and absences, each with who asked and who decided."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.recognition import absence_views, activity_views, exemption_views, rule_views, views

    assert absence_views.recognition is activity_views.recognition is exemption_views.recognition is views.recognition
    assert rule_views.recognition is views.recognition
    app.register_blueprint(views.recognition)

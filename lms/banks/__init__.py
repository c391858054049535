"""The question bank that courses share: versioned items, pools, sharing by unit."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.banks import arrival_views, views

    assert arrival_views
    app.register_blueprint(views.banks)

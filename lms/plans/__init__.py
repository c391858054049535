"""The annual training plan of a unit: what is needed, what will be held for whom, and how far it has come."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.plans import gap_views, item_views, views

    assert gap_views and item_views
    app.register_blueprint(views.plans)

"""Competencies: frames as data, the courses that build them, people's profiles, pathways by role, and a unit's gaps."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.competencies import claim_views, cli, frame_views, mine, unit_views, views

    assert claim_views and frame_views and unit_views
    app.cli.add_command(cli.competencies)
    app.register_blueprint(views.competencies)
    app.jinja_env.globals["my_pathway"] = mine.first

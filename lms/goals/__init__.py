"""The annual goal: policies as text, judgement by pure rules, the ledger of credits, and the figures of units."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.goals import cli, imports, tasks, views

    assert tasks
    imports.register()
    app.register_blueprint(views.goals)
    app.cli.add_command(cli.goals)

"""The annual goal: policies as text, judgement by pure rules, the ledger of credits, and the figures of units."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.goals import cli, figures, imports, tasks, unit_views, views
    from lms.network import actions as network

    assert tasks
    assert unit_views.goals is views.goals
    imports.register()
    if figures.moving not in network.TREE_WATCHERS:
        network.TREE_WATCHERS.append(figures.moving)
    app.register_blueprint(views.goals)
    app.cli.add_command(cli.goals)

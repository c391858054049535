"""The year book: a year of a policy closed for a unit and all below it, as a chain of lines that nothing changes later."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.goals import queries as goal_queries
    from lms.goals import standings
    from lms.goals.cli import goals
    from lms.network import sheets
    from lms.yearbooks import adjustments, cli, queries, tasks, views

    assert tasks
    if adjustments.watch not in standings.WATCHERS:
        standings.WATCHERS.append(adjustments.watch)
    if queries.blocker not in sheets.BLOCKERS:
        sheets.BLOCKERS.append(queries.blocker)
    if queries.first_open_year not in goal_queries.FIRST_YEARS:
        goal_queries.FIRST_YEARS.append(queries.first_open_year)
    for command in (cli.close_book, cli.reopen_book, cli.verify_book):
        goals.add_command(command)
    app.register_blueprint(views.yearbooks)

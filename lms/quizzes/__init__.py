"""Quizzes: question types, drawing and marking (pure), attempts, and what is granted to one person in them."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.quizzes import views

    app.register_blueprint(views.quizzes)

"""Courses and banks as files of others: Word, Excel, GIFT, Aiken, Moodle XML, QTI."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.exchange import cli  # noqa: F401  # adds its commands to `flask courses`

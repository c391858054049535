"""The reference of bench/pages.py: a bare Flask route that renders a small template."""

from flask import Flask, render_template_string

app = Flask(__name__)

SMALL = """<!doctype html><html lang="vi"><title>{{ title }}</title><h1>{{ title }}</h1>
<ul>{% for number in range(10) %}<li><a href="/{{ number }}">{{ title }} {{ number }}</a></li>{% endfor %}
</ul></html>"""


@app.get("/")
def page() -> str:
    return render_template_string(SMALL, title="Thạo Số")

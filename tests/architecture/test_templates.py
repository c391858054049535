"""Every template is used, each page has the name of its view, and nothing is written into a page that a CSP would stop."""

import re
from pathlib import PurePosixPath

from flask import Flask

from tests.architecture.source import modules, templates, words

USED_BY_TEMPLATE = re.compile(r"{%-?\s*(?:extends|from|import|include)\s+\"([^\"]+)\"")
INLINE = re.compile(r"<style\b|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE)
UNESCAPED = re.compile(r"\|\s*safe\b|autoescape")

SECOND_FACES = {
    "accounts/code_sheet.html": "accounts.issue_codes",
    "authoring/conflict.html": "",
    "awarding/awards.html": "awarding.goal",
    "certificates/act.html": "certificates.revoke",
    "awarding/no_paths.html": "awarding.path",
    "network/reorganisation_done.html": "network.reorganisation",
    "discovery/found.html": "discovery.index",
    "discovery/offline_course.html": "",
    "discovery/offline_page.html": "",
    "discovery/offline_summaries.html": "",
    "study/time_over.html": "study.result",
    "errors/error.html": "",
}
"""Pages that a view shows instead of its own."""

TRUSTED = {
    "authoring/check_import.html",
    "authoring/lesson.html",
    "authoring/review_draft.html",
    "discovery/kit.html",
    "discovery/offline_page.html",
    "discovery/offline_summaries.html",
    "discovery/summaries.html",
    "study/lesson.html",
    "study/print_lesson.html",
}
"""Templates that show HTML as it is: a lesson, cleaned when it was rendered."""


def rendered() -> set[str]:
    """The templates that Python names."""
    return {node.value for tree in modules().values() for node in words(tree) if node.value in templates()}


def used_by_others() -> set[str]:
    """The templates that other templates build on."""
    return {name for text in templates().values() for name in USED_BY_TEMPLATE.findall(text)}


def test_every_template_is_rendered_or_built_upon() -> None:
    assert not set(templates()) - rendered() - used_by_others()


def test_every_template_that_is_named_exists() -> None:
    named = {
        n.value for tree in modules().values() for n in words(tree) if re.fullmatch(r"[a-z_]+/[a-z_]+\.html", n.value)
    }
    assert not (named | used_by_others()) - set(templates())


def test_each_page_has_the_name_of_its_view(routes: Flask) -> None:
    for name in sorted(rendered()):
        path = PurePosixPath(name)
        endpoint = SECOND_FACES.get(name, f"{path.parent}.{path.stem}")
        assert not endpoint or endpoint in routes.view_functions, f"{name} is no view's page"


def test_no_page_has_styles_or_scripts_within() -> None:
    found = [f"{name}: {match[0]}" for name, text in templates().items() for match in INLINE.finditer(text)]
    assert not found


def test_text_is_shown_as_text_everywhere_but_in_lessons() -> None:
    assert {name for name, text in templates().items() if UNESCAPED.search(text)} == TRUSTED


def test_every_component_tells_how_it_is_called() -> None:
    silent = [
        f"{name}: {macro}"
        for name, text in templates().items()
        if name.startswith("components/")
        for macro in re.findall(r"{% macro (\w+)\(", text)
        if f"{{# {macro}(" not in text
    ]
    assert not silent

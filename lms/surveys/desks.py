"""Two desks of the same make: a view asks for one permission, so trainers and HR have each their own addresses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.surveys.models import Survey
from lms.surveys.queries import PERMISSIONS
from lms.surveys.rules import Purpose

Page = str | Response | tuple[str, int]
View = Callable[..., Page]
Line = tuple[str, Sequence[str], View]


@dataclass(frozen=True)
class Desk:
    """Where the surveys of a purpose are made: the blueprint, and its address."""

    purpose: Purpose
    blueprint: str
    path: str

    @property
    def permission(self) -> Permission:
        return PERMISSIONS[self.purpose]

    def to(self, page: str, survey: Survey | None = None, **values: Any) -> str:
        """The address of a page of this desk."""
        of_survey: dict[str, Any] = {"survey_id": survey.id} if survey else {}
        return url_for(f"{self.blueprint}.{page}", **of_survey, **values)

    def lay(self, blueprint: Blueprint, table: Sequence[Line]) -> None:
        """Give a blueprint the pages of a table of (address after the path, methods, view)."""
        for address, methods, view in table:
            page = allow(self.permission)(self._page(view))
            blueprint.add_url_rule(self.path + address, view.__name__, page, methods=list(methods))

    def _page(self, view: View) -> View:
        def page(**ids: int) -> Page:
            return view(self, **ids)

        return page


COURSES = Desk(Purpose.COURSE, "surveys", "/teach/surveys")
NEEDS = Desk(Purpose.NEEDS, "needs", "/needs")

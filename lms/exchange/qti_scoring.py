"""What a QTI item declares as right: correct responses, mappings, and the response processing that uses them."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from lms.exchange.gathering import number
from lms.exchange.xml import said

RULES = {
    "responsecondition", "responseif", "responseelseif", "responseelse", "setoutcomevalue", "lookupoutcomevalue",
    "variable", "correct", "basevalue", "default", "mapresponse", "match", "stringmatch", "equal", "equalrounded", "sum",
    "not", "and", "or", "isnull", "gt", "gte", "lt", "lte", "member", "contains", "exitresponse",
}  # fmt: skip
"""Rules that say nothing beyond the declarations: right or not, mapped points, which comment is shown."""


@dataclass
class Response:
    """A response declaration."""

    cardinality: str = "single"
    base_type: str = ""
    correct: list[str] = field(default_factory=list)
    mapped: list[tuple[str, float]] = field(default_factory=list)
    is_case_sensitive: bool = True

    @property
    def is_number(self) -> bool:
        return self.base_type in ("float", "integer")


@dataclass
class Scoring:
    """How an item is marked, as far as it is understood; `strange` are rules that are not."""

    responses: dict[str, Response]
    points: float
    by_map: bool
    tolerance: float
    tolerance_is_share: bool
    strange: list[str]

    def right(self, identifier: str) -> list[str]:
        """The right values of a response: those that are worth something, or the correct ones."""
        response = self.response(identifier)
        worth = [value for value, points in response.mapped if points > 0]
        return worth if worth and (self.by_map or not response.correct) else response.correct or worth

    def full(self, identifier: str) -> tuple[list[str], list[tuple[str, float]]]:
        """(values worth everything, other values with their share) of a response that takes one of several."""
        response = self.response(identifier)
        most = max((points for _, points in response.mapped), default=0)
        if most <= 0:
            return response.correct, []
        best = [value for value, points in response.mapped if points == most]
        best += [value for value in response.correct if value not in best]
        return best, [(value, points / most) for value, points in response.mapped if 0 < points < most]

    def shares(self, identifier: str, choices: list[str]) -> list[tuple[bool, float]]:
        """(is right, share of the points) of each choice."""
        response, right = self.response(identifier), set(self.right(identifier))
        if not (self.by_map and response.mapped):
            return []
        worth = dict(response.mapped)
        total = sum(points for points in worth.values() if points > 0) or 1
        return [(choice in right, worth.get(choice, 0) / total) for choice in choices]

    def response(self, identifier: str) -> Response:
        return self.responses.get(identifier, Response())


def scoring(item: Element) -> Scoring:
    """The scoring of an `assessmentItem`."""
    processing = item.find("responseprocessing")
    rules = [] if processing is None else list(processing.iter())[1:]
    template = "" if processing is None else processing.get("template", "").rpartition("/")[2].removesuffix(".xml")
    equal = next((rule for rule in rules if rule.tag == "equal"), None)
    tolerance = (equal.get("tolerance", "0") if equal is not None else "0").split()
    return Scoring(
        responses={each.get("identifier", ""): _response(each) for each in item.findall("responsedeclaration")},
        points=_points(item),
        by_map=template.startswith("map_response") or any(rule.tag == "mapresponse" for rule in rules),
        tolerance=max((number(part) or 0 for part in tolerance), default=0),
        tolerance_is_share=equal is not None and equal.get("tolerancemode") == "relative",
        strange=sorted({rule.tag for rule in rules if rule.tag not in RULES}),
    )


def _response(declaration: Element) -> Response:
    mapping = declaration.find("mapping")
    entries = [] if mapping is None else mapping.findall("mapentry")
    return Response(
        declaration.get("cardinality", "single"),
        declaration.get("basetype", ""),
        [said(value) for value in declaration.findall("correctresponse/value")],
        [(entry.get("mapkey", ""), number(entry.get("mappedvalue", "0")) or 0) for entry in entries],
        any(entry.get("casesensitive", "true") != "false" for entry in entries) or not entries,
    )


def _points(item: Element) -> float:
    """The most that an item is worth."""
    outcomes = {each.get("identifier", "").upper(): each for each in item.findall("outcomedeclaration")}
    score, most = outcomes.get("SCORE"), outcomes.get("MAXSCORE")
    found = number(said(most, "defaultvalue/value")) if most is not None else None
    found = found or (number(score.get("normalmaximum", "")) if score is not None else None)
    return found or 1

"""What a written QTI item says about marking: its outcomes, the processing of the response, which comment is shown."""

from xml.etree.ElementTree import Element

from lms.catalogue.content import Question
from lms.exchange.qti_versions import Version
from lms.exchange.xml import add

RESPONSE = "RESPONSE"
BY_MAP = ("single", "multiple", "true-false", "short", "matching")
"""Types whose one mapping says everything, so that the standard template does."""


def has_notes(question: Question) -> bool:
    """Whether options have comments of their own."""
    return any(option.feedback for option in question.options)


def has_comments(question: Question) -> bool:
    """Whether something is said to who was right, or to who was not."""
    return bool(question.right_feedback or question.wrong_feedback)


def declare_outcomes(root: Element, question: Question) -> None:
    """The points, and what chooses the comments."""
    points = str(question.points)
    add(root, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float", normalMaximum=points)
    most = add(root, "outcomeDeclaration", identifier="MAXSCORE", cardinality="single", baseType="float")
    add(add(most, "defaultValue"), "value", points)
    if has_comments(question):
        add(root, "outcomeDeclaration", identifier="FEEDBACK", cardinality="single", baseType="identifier")
    if has_notes(question):
        cardinality = "single" if question.type == "single" else "multiple"
        add(root, "outcomeDeclaration", identifier="CHOSEN", cardinality=cardinality, baseType="identifier")


def process(root: Element, question: Question, version: Version, responses: list[str]) -> None:
    """How the responses become points; people mark essays and files."""
    if question.is_marked_by_hand:
        return
    processing = add(root, "responseProcessing")
    if question.type in BY_MAP and not (has_comments(question) or has_notes(question)):
        processing.set("template", version.template("map_response"))
        return
    if question.type in ("numeric", "ordering"):
        _by_match(processing, question)
    else:
        total = add(add(processing, "setOutcomeValue", identifier="SCORE"), "sum")
        for name in responses:
            add(total, "mapResponse", identifier=name)
    if has_notes(question):
        add(add(processing, "setOutcomeValue", identifier="CHOSEN"), "variable", identifier=RESPONSE)
    if has_comments(question):
        _choose_comment(processing, question)


def _by_match(processing: Element, question: Question) -> None:
    """All or nothing."""
    condition = add(add(processing, "responseCondition"), "responseIf")
    if question.type == "numeric":
        test = add(condition, "equal", toleranceMode="absolute" if question.tolerance else "exact")
        if question.tolerance:
            test.set("tolerance", f"{question.tolerance} {question.tolerance}")
    else:
        test = add(condition, "match")
    add(test, "variable", identifier=RESPONSE)
    add(test, "correct", identifier=RESPONSE)
    _set(condition, "SCORE", "float", str(question.points))


def _choose_comment(processing: Element, question: Question) -> None:
    condition = add(processing, "responseCondition")
    whole = add(condition, "responseIf")
    test = add(whole, "gte")
    add(test, "variable", identifier="SCORE")
    add(test, "baseValue", str(question.points), baseType="float")
    _set(whole, "FEEDBACK", "identifier", "RIGHT")
    _set(add(condition, "responseElse"), "FEEDBACK", "identifier", "WRONG")


def _set(parent: Element, outcome: str, base_type: str, value: str) -> None:
    add(add(parent, "setOutcomeValue", identifier=outcome), "baseValue", value, baseType=base_type)

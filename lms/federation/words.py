"""What is wrong with a package, in the reader's words."""

from lms.federation.rules import Problem, Refused
from lms.language import gettext


def of_problem(problem: Problem) -> str:
    """A sentence that names the file and the line."""
    if problem.key == "archive":
        return gettext(str(problem.values["key"]))
    said = gettext(f"federation.problem.{problem.key}", **problem.values)
    if problem.line:
        return gettext("federation.at-line", file=problem.file, line=problem.line, said=said)
    return gettext("federation.in-file", file=problem.file, said=said) if problem.file else said


def of_refusal(refused: Refused) -> str:
    """Why an act was not done."""
    return gettext(f"federation.refused.{refused.refusal}", value=refused.value)

"""Writing one question as a QTI item. Items are made with the names of 2.x; `as_version` gives them those of their version."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from xml.etree.ElementTree import Element

from lms.catalogue.content import Question
from lms.exchange import markup, notation
from lms.exchange.embedded import MARKED, marked
from lms.exchange.qti_processing import RESPONSE, declare_outcomes, process
from lms.exchange.qti_versions import Version, as_version
from lms.exchange.xml import add, add_inline

NAME_LETTERS = 60


def item(question: Question, version: Version) -> Element:
    """The `assessmentItem` of a question of any type."""
    return _Writing(question, version).written()


def identifier(question: Question) -> str:
    """A question's name as XML lets one be: it begins with a letter."""
    return question.id if question.id[:1].isalpha() else f"_{question.id}"


class _Writing:
    """An item that grows: declarations first, then the body, the processing, the comments."""

    def __init__(self, question: Question, version: Version) -> None:
        self.question, self.version = question, version
        title = " ".join(markup.plain(question.text).split())[:NAME_LETTERS]
        self.root = Element("assessmentItem")
        self.root.attrib |= {"identifier": identifier(question), "title": title or question.id}
        self.root.attrib |= {"adaptive": "false", "timeDependent": "false"}
        self.responses: list[str] = []
        self.body = Element("itemBody")

    def written(self) -> Element:
        WRITERS[self.question.type](self)
        declare_outcomes(self.root, self.question)
        self.root.append(self.body)
        process(self.root, self.question, self.version, self.responses)
        self._comments()
        return as_version(self.root, self.version)

    def declare(self, name: str, cardinality: str, base_type: str, correct: Iterable[str] = ()) -> Element:
        """A response declaration with its correct values."""
        self.responses.append(name)
        declaration = add(
            self.root, "responseDeclaration", identifier=name, cardinality=cardinality, baseType=base_type
        )
        if values := list(correct):
            response = add(declaration, "correctResponse")
            for value in values:
                add(response, "value", value)
        return declaration

    def map(self, declaration: Element, entries: Sequence[tuple[str, float]], **attributes: str) -> None:
        """What each value is worth; an item is worth nothing at least and its points at most."""
        mapping = add(declaration, "mapping", defaultValue="0", lowerBound="0", upperBound=str(self.question.points))
        for key, worth in entries:
            add(mapping, "mapEntry", mapKey=key, mappedValue=str(worth), **attributes)

    def prompt(self, interaction: Element) -> None:
        """The question's text at the head of its interaction."""
        add_inline(add(interaction, "prompt"), markup.html(self.question.text))

    def interaction(self, tag: str, **attributes: str) -> Element:
        """A block interaction with the question's text."""
        found = add(self.body, tag, responseIdentifier=RESPONSE, **attributes)
        self.prompt(found)
        return found

    def _comments(self) -> None:
        for name, words in (("RIGHT", self.question.right_feedback), ("WRONG", self.question.wrong_feedback)):
            if words:
                attributes = {"outcomeIdentifier": "FEEDBACK", "identifier": name, "showHide": "show"}
                add_inline(add(add(self.root, "modalFeedback", **attributes), "p"), markup.html(words))


def _choices(writing: _Writing, interaction: Element) -> None:
    for place, option in enumerate(writing.question.options, start=1):
        choice = add(interaction, "simpleChoice", identifier=f"C{place}")
        add_inline(choice, markup.html(option.text))
        if option.feedback:
            attributes = {"outcomeIdentifier": "CHOSEN", "identifier": f"C{place}", "showHide": "show"}
            add_inline(add(choice, "feedbackInline", **attributes), markup.html(option.feedback))


def _single(writing: _Writing) -> None:
    question = writing.question
    right = next(f"C{place}" for place, option in enumerate(question.options, start=1) if option.right)
    writing.map(writing.declare(RESPONSE, "single", "identifier", [right]), [(right, question.points)])
    _choices(writing, writing.interaction("choiceInteraction", shuffle="true", maxChoices="1"))


def _multiple(writing: _Writing) -> None:
    question = writing.question
    right = [f"C{place}" for place, option in enumerate(question.options, start=1) if option.right]
    worth = question.points / len(right)
    places = [f"C{place}" for place in range(1, len(question.options) + 1)]
    declaration = writing.declare(RESPONSE, "multiple", "identifier", right)
    writing.map(declaration, [(place, worth if place in right else -worth) for place in places])
    _choices(writing, writing.interaction("choiceInteraction", shuffle="true", maxChoices="0"))


def _true_false(writing: _Writing) -> None:
    right = "true" if writing.question.answer else "false"
    writing.map(writing.declare(RESPONSE, "single", "identifier", [right]), [(right, writing.question.points)])
    interaction = writing.interaction("choiceInteraction", shuffle="false", maxChoices="1")
    for truth in ("true", "false"):
        add(interaction, "simpleChoice", notation.spelling("truth", truth), identifier=truth)


def _short(writing: _Writing) -> None:
    question = writing.question
    declaration = writing.declare(RESPONSE, "single", "string", question.answers[:1])
    sensitive = "false" if "case" in question.forgive else "true"
    writing.map(declaration, [(answer, question.points) for answer in question.answers], caseSensitive=sensitive)
    _line_to_type_on(writing)


def _numeric(writing: _Writing) -> None:
    writing.declare(RESPONSE, "single", "float", [str(writing.question.answer)])
    _line_to_type_on(writing)


def _line_to_type_on(writing: _Writing) -> None:
    add_inline(add(writing.body, "p"), markup.html(writing.question.text))
    add(add(writing.body, "p"), "textEntryInteraction", responseIdentifier=RESPONSE)


def _matching(writing: _Writing) -> None:
    question = writing.question
    rights = [*(right for _, right in question.pairs), *question.extra]
    pairs = [f"L{place} R{place}" for place in range(1, len(question.pairs) + 1)]
    declaration = writing.declare(RESPONSE, "multiple", "directedPair", pairs)
    writing.map(declaration, [(pair, question.points / len(pairs)) for pair in pairs])
    interaction = writing.interaction("matchInteraction", shuffle="true", maxAssociations=str(len(pairs)))
    for side, texts in (("L", [left for left, _ in question.pairs]), ("R", list(map(markup.escaped, rights)))):
        choices = add(interaction, "simpleMatchSet")
        for place, words in enumerate(texts, start=1):
            add_inline(
                add(choices, "simpleAssociableChoice", identifier=f"{side}{place}", matchMax="1"), markup.html(words)
            )


def _ordering(writing: _Writing) -> None:
    items = writing.question.items
    writing.declare(RESPONSE, "ordered", "identifier", [f"I{place}" for place in range(1, len(items) + 1)])
    interaction = writing.interaction("orderInteraction", shuffle="true")
    for place, words in enumerate(items, start=1):
        add_inline(add(interaction, "simpleChoice", identifier=f"I{place}"), markup.html(words))


def _cloze(writing: _Writing) -> None:
    """Each gap an interaction inside the text, worth its part of the points."""
    question = writing.question
    worth = question.points / len(question.gaps)
    made = {}
    for gap in question.gaps:
        name = f"G_{gap.id}"
        if gap.options:
            writing.map(writing.declare(name, "single", "identifier", ["O1"]), [("O1", worth)])
            interaction = made[gap.id] = Element(
                "inlineChoiceInteraction", {"responseIdentifier": name, "shuffle": "true"}
            )
            for place, words in enumerate(gap.options, start=1):
                add(interaction, "inlineChoice", words, identifier=f"O{place}")
        else:
            sensitive = "false" if "case" in gap.forgive else "true"
            declaration = writing.declare(name, "single", "string", gap.answers[:1])
            writing.map(declaration, [(answer, worth) for answer in gap.answers], caseSensitive=sensitive)
            made[gap.id] = Element("textEntryInteraction", {"responseIdentifier": name})
    _with_gaps(add(writing.body, "p"), marked(question.text), made)


def _with_gaps(paragraph: Element, words: str, made: Mapping[str, Element]) -> None:
    add_inline(paragraph, MARKED.sub(r'<span id="\1" />', markup.html(words)))
    for holder in list(paragraph.iter()):
        for place, child in enumerate(list(holder)):
            if child.tag == "span" and (gap := made.get(child.get("id", ""))) is not None:
                gap.tail = child.tail
                holder[place] = gap


def _by_hand(tag: str, base_type: str) -> Callable[[_Writing], None]:
    def write(writing: _Writing) -> None:
        writing.declare(RESPONSE, "single", base_type)
        block = add(writing.body, "rubricBlock", view="scorer")
        rows = add(block, "dl")
        for criterion in writing.question.rubric:
            add_inline(add(rows, "dt"), markup.html(criterion.text))
            add(rows, "dd", str(criterion.points))
        writing.interaction(tag)

    return write


WRITERS: Mapping[str, Callable[[_Writing], None]] = {
    "single": _single,
    "multiple": _multiple,
    "true-false": _true_false,
    "short": _short,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "essay": _by_hand("extendedTextInteraction", "string"),
    "file": _by_hand("uploadInteraction", "file"),
}

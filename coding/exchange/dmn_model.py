"""A decision table as it stands in a DMN file of versions 1.1 to 1.5, whoever wrote it: texts, not yet understood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from coding.exchange.dmn_moments import DATE, DATE_AND_TIME, DAYS, MONTHS, TIME
from coding.exchange.errors import UnreadableFile
from coding.exchange.unary_tests import plain_test

MODELS = {
    "20151101": "1.1",
    "20180521": "1.2",
    "20191111": "1.3",
    "20211108": "1.4",
    "20230324": "1.5",
}
# Tools end the address with /, /MODEL/, /dmn.xsd, /dmn11.xsd, or with nothing.
# Flowable names a version that there never was: it is 1.1.
MODEL = re.compile(rf"https?://www\.omg\.org/spec/DMN/({'|'.join(MODELS)}|20151130)(/.*)?")
FEEL = re.compile(r"s?-?feel|https?://www\.omg\.org/spec/(DMN/)?(.*/)?FEEL(/.*)?", re.IGNORECASE)
NUMERIC = ("number", "integer", "long", "double", "int", "float", "decimal")
# FEEL's types, and what tools call them; in lower case, without the blanks in them.
KINDS = {
    **dict.fromkeys(NUMERIC, "number"),
    "string": "text",
    "boolean": "truth",
    "date": DATE,
    "time": TIME,
    **dict.fromkeys(("datetime", "dateandtime"), DATE_AND_TIME),
    **dict.fromkeys(("daytimeduration", "daysandtimeduration"), DAYS),
    **dict.fromkeys(("yearmonthduration", "yearsandmonthsduration"), MONTHS),
}
# How an export names itself, and the decision that holds its rules.
OWN_NAMESPACE, OWN_DECISION = "urn:concord:rules", "decision"
# Items may be named after each other; none is so this deep.
DEEPEST_TYPE = 10


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions. ``kind`` is number, text or truth; another name of a type; or empty if none is given.

    A column without an expression goes by its label: a business analyst's sketch of a table has no more.
    """

    expression: str
    label: str
    kind: str
    allowed: str
    has_expression: bool


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results; ``default`` is what results where no rule applies."""

    name: str
    default: str


@dataclass(frozen=True, slots=True)
class Line:
    """A rule as it stands: its tests, its results and the notes beside it."""

    number: int
    id: str
    tests: tuple[str, ...]
    results: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A decision table. ``names`` are what the file declares to be names; ``others`` are its other decisions."""

    name: str
    policy: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    lines: tuple[Line, ...]
    names: frozenset[str]
    others: tuple[str, ...]


def read_grid(content: bytes, decision: str = "") -> Grid:
    """The table of the decision of this name or id; the name may be left out where a single decision has a table."""
    root = _parsed(content)
    chosen, table = _table(root, decision)
    # The nearest one counts; some tools name it where the standard does not.
    languages = [element.get("expressionLanguage") for element in (table, chosen, root)]
    language = next(filter(None, languages), "")

    items = {item.get("name", ""): item for item in _children(root, "itemDefinition")}
    inputs = tuple(_input(element, root, items, language) for element in _children(table, "input"))
    outputs = tuple(_output(element, language) for element in _children(table, "output"))
    lines = []
    for number, element in enumerate(_children(table, "rule"), start=1):
        lines.append(_line(number, element, language, len(inputs), len(outputs)))
    others = [other for other in _children(root, "decision") if other is not chosen]

    return Grid(
        name=_name(chosen),
        policy=table.get("hitPolicy", "UNIQUE").upper(),
        inputs=inputs,
        outputs=outputs,
        lines=tuple(lines),
        names=frozenset(_declared(root)),
        others=tuple(map(_name, others)),
    )


def _parsed(content: bytes) -> etree._Element:
    # A comment within a cell would part its text, and what follows it would be lost.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(f"The file is no well-formed XML: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableFile(
            "The file has a document type declaration, which no DMN file needs. Take it out."
        )

    name = etree.QName(root)
    namespace = name.namespace or ""
    if name.localname != "definitions" or not MODEL.fullmatch(namespace):
        raise UnreadableFile(
            f"The file is no DMN model: its root is not “definitions” of {', '.join(MODELS.values())},"
            f" but “{name.localname}” of “{namespace}”."
        )
    return root


def _children(parent: etree._Element, name: str) -> list[etree._Element]:
    return list(parent.iterchildren(f"{{{etree.QName(parent).namespace}}}{name}"))


def _name(decision: etree._Element) -> str:
    return decision.get("name") or decision.get("id") or "Imported rules"


def _table(root: etree._Element, wanted: str) -> tuple[etree._Element, etree._Element]:
    """The decision that is wanted, with its table; of several in a file of our own, the one that holds the rules."""
    decisions = _children(root, "decision")
    tables = []
    for decision in decisions:
        tables += [(decision, table) for table in _children(decision, "decisionTable")]

    if not wanted and len(tables) > 1 and root.get("namespace") == OWN_NAMESPACE:
        wanted = OWN_DECISION
    if wanted:
        tables = [(decision, table) for decision, table in tables if _is_called(decision, wanted)]
    if len(tables) != 1:
        raise UnreadableFile(_why_no_table(decisions, wanted))
    return tables[0]


def _is_called(decision: etree._Element, name: str) -> bool:
    return name in (decision.get("name"), decision.get("id"))


def _why_no_table(decisions: list[etree._Element], wanted: str) -> str:
    holding = [decision for decision in decisions if _children(decision, "decisionTable")]
    names = _names(holding)
    if wanted:
        return f"No single decision with a table is called “{wanted}”. Choose {names or 'another file'}."
    if names:
        return f"The file holds several decisions with a table. Choose one of {names}."
    return f"A decision with a decision table is read. The file holds {_names(decisions) or 'no decision'}."


def _names(decisions: list[etree._Element]) -> str:
    return ", ".join(f"“{_name(decision)}”" for decision in decisions)


def _declared(root: etree._Element) -> Iterator[str]:
    """What the file says to be the name of an input or of a decision."""
    for kind in ("inputData", "decision"):
        for element in _children(root, kind):
            for named in (element, *_children(element, "variable")):
                yield named.get("name", "")


def _words(element: etree._Element, name: str, language: str, place: str) -> str:
    entries = _children(element, name)
    if not entries:
        return ""
    return _words_of(entries[0], language, place)


def _words_of(entry: etree._Element, language: str, place: str) -> str:
    texts = _children(entry, "text")
    if len(texts) > 1 or any(len(text) for text in texts):
        raise UnreadableFile(
            f"{place}: a cell holds one text, but more stands there. Write its test as text."
        )
    if not texts and len(entry):
        raise UnreadableFile(
            f"{place}: a cell holds a text, but “{etree.QName(entry[0]).localname}” stands there."
        )
    words = (texts[0].text or "").strip() if texts else ""
    own = entry.get("expressionLanguage") or language
    if words and own and not FEEL.fullmatch(own):
        raise UnreadableFile(
            f"{place}: “{words}” is written in {own}, which is not read: only FEEL is."
        )
    return words


def _input(
    element: etree._Element, root: etree._Element, items: dict[str, etree._Element], language: str
) -> Input:
    label = element.get("label", "")
    place = f"input “{label or element.get('id', '')}”"
    words = _words(element, "inputExpression", language, place)
    written = " ".join(words.split())
    expression = written or " ".join(label.split())

    declared = ""
    expressions = _children(element, "inputExpression")
    if expressions:
        declared = expressions[0].get("typeRef", "")
    kind, allowed_by_type = _type(declared or _type_of_name(root, expression), items)
    allowed = _words(element, "inputValues", language, f"input {expression}")

    return Input(
        expression=expression,
        label=label or expression,
        kind=kind,
        allowed=allowed or allowed_by_type,
        has_expression=bool(written),
    )


def _type_of_name(root: etree._Element, name: str) -> str:
    for element in _children(root, "inputData"):
        for variable in _children(element, "variable"):
            if name in (element.get("name"), variable.get("name")):
                return variable.get("typeRef") or ""
    return ""


def _type(declared: str, items: dict[str, etree._Element]) -> tuple[str, str]:
    """What a type comes down to, and the values that it allows; what the file does not define is not known."""
    name, allowed = declared.strip(), ""
    for _ in range(DEEPEST_TYPE):
        item = items.get(name, items.get(_without_prefix(name)))
        if item is None:
            break
        if item.get("isCollection") == "true" or _children(item, "itemComponent"):
            return f"{name}, which is no single value", ""

        allowed = allowed or _words(item, "allowedValues", "", f"type {name}")
        # The standard has an element for it here; some tools write an attribute, as elsewhere.
        below = item.get("typeRef", "")
        references = _children(item, "typeRef")
        if references:
            below = references[0].text or ""
        name = below.strip()

    name = _without_prefix(name)
    if name.lower() == "any":
        return "", allowed
    return KINDS.get("".join(name.lower().split()), name), allowed


def _without_prefix(name: str) -> str:
    """A name without the prefix of its namespace, such as “feel:” before a type."""
    return name.rpartition(":")[2]


def _output(element: etree._Element, language: str) -> Output:
    name = element.get("name") or element.get("label") or ""
    default = _words(element, "defaultOutputEntry", language, f"output {name}, its default")
    return Output(name, default)


def _line(number: int, element: etree._Element, language: str, inputs: int, outputs: int) -> Line:
    own = element.get("id", "")
    row = f"rule {number} ({own or 'no id'})"
    tests = [_words_of(entry, language, row) for entry in _children(element, "inputEntry")]
    results = [_words_of(entry, language, row) for entry in _children(element, "outputEntry")]
    if (len(tests), len(results)) != (inputs, outputs):
        raise UnreadableFile(
            f"Rule {number} has another number of cells than the table has columns."
        )
    notes = [" ".join((words.text or "").split()) for words in _children(element, "description")]
    # No expression stands in an annotation, whatever its language is said to be.
    notes += [_words_of(entry, "", row) for entry in _children(element, "annotationEntry")]

    return Line(
        number=number,
        id=own,
        tests=tuple(map(plain_test, tests)),
        results=tuple(results),
        note=" · ".join(filter(None, notes)),
    )

"""A YAML file as plain data in which every value knows its line and column."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from outreach.documents.problem import Problem, Severity

#: The largest file that is read. A long campaign with comments has 10 KiB, a long pack 20.
MAX_BYTES = 64 * 1024
#: Values in one file after aliases are expanded, and how deep they may nest: bounds against alias bombs.
MAX_VALUES = 5_000
MAX_DEPTH = 12

#: Where a value is: keys of mappings and indexes of lists, from the top.
FieldPath = tuple[str | int, ...]

_TAG_PREFIX = "tag:yaml.org,2002:"
_TAGS = frozenset(_TAG_PREFIX + name for name in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp"))
_TABS = "found character '\\t' that cannot start any token"


class Unreadable(Exception):
    """The file cannot be read as YAML at all; carries the problem that says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(slots=True)
class Document:
    """Plain data of a file, the place (line, column) of each of its values, and what is wrong with its form."""

    file: str
    data: object = None
    places: dict[FieldPath, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, path: FieldPath, message: str, remedy: str, severity: Severity = Severity.ERROR) -> Problem:
        """A problem at `path`, placed where the nearest value that exists in the file is."""
        known = path
        while known and known not in self.places:
            known = known[:-1]
        line, column = self.places.get(known, (1, 1))
        return Problem(self.file, line, column, dotted(path), message, remedy, severity)


def dotted(path: FieldPath) -> str:
    """A path as people write it: `steps[1].when.after_due`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def read_text(path: Path, file: str) -> str:
    """The text of a file; raises Unreadable when it is missing, too large or not UTF-8."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(file, f"cannot be read: {error.strerror}", "Check that it exists and may be read") from error
    if len(content) > MAX_BYTES:
        raise _unreadable(file, f"has {len(content)} bytes; {MAX_BYTES} is the limit", "Split it into several files")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        raise _unreadable(file, "is not UTF-8 text", "Save it in the encoding UTF-8", line, column) from error


def read(text: str, file: str) -> Document:
    """The document in `text`; raises Unreadable when it is no YAML or holds nothing."""
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        raise _unparsable(file, error) from error
    except YAMLError as error:
        raise _unreadable(file, f"is not YAML: {error}".splitlines()[0], "Remove the control characters") from error
    except RecursionError as error:
        raise _too_big(file) from error
    if root is None:
        raise _unreadable(file, "is empty", "Copy one of the samples and change it, or delete the file")
    return _Reader(Document(file)).document(root)


class _Reader:
    """Turns nodes into plain data, once per file."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._values = 0

    def document(self, root: Node) -> Document:
        self._document.data = self._value(root, ())
        return self._document

    def _value(self, node: Node, path: FieldPath) -> object:
        self._values += 1
        if self._values > MAX_VALUES or len(path) > MAX_DEPTH:
            raise _too_big(self._document.file)
        self._document.places.setdefault(path, _place(node))
        if node.tag not in _TAGS:
            self._report(path, f"the tag {node.tag} has no meaning here", "Remove the tag")
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self._value(child, (*path, index)) for index, child in enumerate(node.value)]
        return _scalar(str(node.tag), str(node.value))

    def _mapping(self, node: MappingNode, path: FieldPath) -> dict[str, object]:
        result: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, ScalarNode) else "?"
            place = (*path, key)
            if key in result:
                line = self._document.places[place][0]
                self._document.problems.append(
                    _at(self._document.file, key_node, place, f"`{key}` is given twice (first on line {line})")
                )
                continue
            self._document.places[place] = _place(key_node)
            result[key] = self._value(value_node, place)
            if result[key] is None:
                self._report(place, f"`{key}` has no value", "Write a value or remove the line")
        return result

    def _report(self, path: FieldPath, message: str, remedy: str) -> None:
        self._document.problems.append(self._document.problem(path, message, remedy))


def _scalar(tag: str, text: str) -> object:
    """Numbers with a point stay exact (Decimal); what YAML calls a date stays text."""
    try:
        match tag.removeprefix(_TAG_PREFIX):
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
            case "int":
                return int(text)
            case "float":
                return Decimal(text)
    except (ValueError, InvalidOperation):
        return text
    return text


def _place(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _at(file: str, node: Node, path: FieldPath, message: str) -> Problem:
    return Problem(file, *_place(node), dotted(path), message, "Keep one of them")


def _unreadable(file: str, message: str, remedy: str, line: int = 0, column: int = 0) -> Unreadable:
    return Unreadable(Problem(file, line, column, "", f"the file {message}", remedy))


def _too_big(file: str) -> Unreadable:
    return _unreadable(
        file,
        f"nests deeper than {MAX_DEPTH} levels or has more than {MAX_VALUES} values",
        "Write the values out instead of repeating them by aliases",
    )


def _unparsable(file: str, error: MarkedYAMLError) -> Unreadable:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    if error.problem == _TABS:
        return _unreadable(file, "is indented by a tab", "Indent with spaces", line, column)
    context = f"{error.context}, " if error.context else ""
    remedy = "Check indentation, brackets and quotes on this line and the one before"
    return _unreadable(file, f"is not YAML: {context}{error.problem}", remedy, line, column)

"""One renderer with one printing process for all tests of rendering, and folders of templates made on the spot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from outreach.domain.message import Channel, Content
from outreach.rendering.context import MessageContext
from outreach.rendering.letter import LetterPrinter
from outreach.rendering.renderer import Renderer
from outreach.rendering.sample import sample_context

TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.fixture(scope="session")
def letters() -> Iterator[LetterPrinter]:
    with LetterPrinter() as printer:
        yield printer


@pytest.fixture(scope="session")
def renderer(letters: LetterPrinter) -> Renderer:
    return Renderer(TEMPLATES, letters)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], None]:
    def write_file(name: str, text: str) -> None:
        path = tmp_path / "templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    return write_file


@pytest.fixture
def sms(tmp_path: Path, write: Callable[[str, str], None], letters: LetterPrinter) -> Callable[[str], Content]:
    """Render one line of template as a text."""

    def render(line: str, context: MessageContext | None = None) -> Content:
        write("note/sms.en.txt", line)
        own = Renderer(tmp_path / "templates", letters)
        return own.render("note", Channel.SMS, context or sample_context("en-US"))

    return render

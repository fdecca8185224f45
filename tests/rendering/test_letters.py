"""Letters on paper: their text, their places, and the process that prints them."""

from __future__ import annotations

import io
import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from outreach.domain.message import Channel, LetterMessage, PostalAddress
from outreach.rendering.context import MessageContext
from outreach.rendering.errors import LetterError, TemplateError
from outreach.rendering.letter import LetterDied, LetterPrinter
from outreach.rendering.renderer import Renderer
from outreach.rendering.sample import sample_context

INCH, MM = 72.0, 72 / 25.4
PAGE = '<html lang="en"><head><title>Sample</title><style>html {{ font-family: Letter }}</style></head>{}</html>'


def letter(renderer: Renderer, context: MessageContext, template: str = "demand_letter") -> LetterMessage:
    content = renderer.render(template, Channel.LETTER, context)
    assert isinstance(content, LetterMessage)
    return content


def with_address(context: MessageContext, address: PostalAddress) -> MessageContext:
    points = tuple(
        replace(point, postal=address) if point.kind is Channel.LETTER else point
        for point in context.debtor.contact_points
    )
    return replace(context, debtor=replace(context.debtor, contact_points=points))


def page_text(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def text_inside(pdf: bytes, left: float, top: float, right: float, bottom: float) -> list[str]:
    """The lines of the first page inside a box that is given in points from the upper left corner."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        height = page.get_height()
        text = page.get_textpage().get_text_bounded(left, height - bottom, right, height - top)
        return [line for line in text.replace("\r", "").split("\n") if line.strip()]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.mark.parametrize("locale", ["en", "es", "zh"])
def test_a_letter_is_one_page_and_says_what_is_open(renderer: Renderer, locale: str) -> None:
    context = sample_context(locale)
    printed = letter(renderer, context)
    text = page_text(printed.pdf)
    assert printed.pages == 1
    assert context.account.ref in text
    assert context.notice_ref in text
    assert "1,234.50" in text or "1.234,50" in text


def test_many_items_flow_to_further_pages(renderer: Renderer) -> None:
    context = sample_context("en")
    printed = letter(renderer, replace(context, items=context.items * 12))
    assert printed.pages > 1
    assert page_text(printed.pdf).count("INV-1001") == 12


def test_a_letter_to_america_has_the_recipient_alone_in_the_window(renderer: Renderer) -> None:
    printed = letter(renderer, sample_context("en"))
    window = text_inside(printed.pdf, 0.625 * INCH, 1.7 * INCH, 4.625 * INCH, 2.7 * INCH)
    assert window == ["Dana Sample", "12 Sample Street", "Apt 3", "NEW YORK, NY 10002"]
    sender = text_inside(printed.pdf, 0.625 * INCH, 0.5 * INCH, 3.875 * INCH, 1.375 * INCH)
    assert sender == ["Sample Energy", "100 Sample Avenue", "NEW YORK, NY 10001"]


def test_a_letter_to_elsewhere_has_the_recipient_alone_in_the_address_field(renderer: Renderer) -> None:
    printed = letter(renderer, sample_context("es"))
    field = text_inside(printed.pdf, 20 * MM, 45 * MM, 105 * MM, 90 * MM)
    assert field == ["Ana Ejemplo", "Calle de Ejemplo 12", "28001 MADRID", "SPAIN"]


def test_a_long_address_and_a_long_text_stay_out_of_each_others_way(renderer: Renderer) -> None:
    address = PostalAddress(
        "Dana Sample", "Building 7, North Entrance", "12 Sample Street", "New York", "NY", "10002", "US"
    )
    context = with_address(sample_context("en"), replace(address, country="CA", region="ON", postal_code="K1A 0B1"))
    printed = letter(renderer, replace(context, items=context.items * 30))
    window = text_inside(printed.pdf, 0.625 * INCH, 1.7 * INCH, 4.625 * INCH, 2.7 * INCH)
    assert len(window) == 5
    assert window[-1] == "CANADA"


def test_the_paper_follows_the_country(renderer: Renderer) -> None:
    sizes = {}
    for locale in ("en", "es"):
        with pypdfium2.PdfDocument(letter(renderer, sample_context(locale)).pdf) as document:
            sizes[locale] = tuple(round(side) for side in document[0].get_size())
    assert sizes == {"en": (612, 792), "es": (595, 842)}


def test_equal_facts_give_equal_bytes_in_any_process(renderer: Renderer, letters: LetterPrinter) -> None:
    first = letter(renderer, sample_context("zh"))
    letter(renderer, sample_context("en"))
    with LetterPrinter() as other:
        second = other.print(first.html)
    assert (first.sha256, first.pdf) == (second.sha256, second.pdf)


def test_a_letter_is_dated_by_its_day_and_not_by_the_clock(renderer: Renderer, tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(letter(renderer, sample_context("en")).pdf)
    with pikepdf.open(path) as document:
        assert str(document.docinfo["/CreationDate"]).startswith("D:20260311")


def test_a_letter_is_tagged_has_a_language_and_embeds_its_fonts(renderer: Renderer, tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(letter(renderer, sample_context("zh")).pdf)
    with pikepdf.open(path) as document:
        assert str(document.Root.Lang) == "zh"
        assert document.Root.MarkInfo.Marked
        fonts = [item for item in document.objects if isinstance(item, pikepdf.Dictionary)]
        descriptors = [item for item in fonts if item.get("/Type") == pikepdf.Name.FontDescriptor]
        assert descriptors
        assert all("/FontFile2" in item for item in descriptors)


def test_a_rare_character_of_a_name_is_printed(renderer: Renderer) -> None:
    context = sample_context("zh")
    debtor = replace(context.debtor, first_name="\u5803\u71da\u7fc0")
    assert "\u674e\u5803\u71da\u7fc0" in page_text(letter(renderer, replace(context, debtor=debtor)).pdf)


def test_a_character_without_a_glyph_refuses_the_letter_and_is_named(renderer: Renderer) -> None:
    context = sample_context("en")
    with pytest.raises(TemplateError, match=r"U\+0E01"):
        letter(renderer, replace(context, debtor=replace(context.debtor, first_name="\u0e01")))


@pytest.mark.parametrize(
    "part",
    [
        '<img src="{url}">',
        '<object data="{url}"></object>',
        '<div style="background: url({url})">x</div>',
        '<style>@import "{url}";</style>',
        '<link rel="stylesheet" href="{url}">',
        '<link rel="attachment" href="{url}">',
        '<a rel="attachment" href="{url}">x</a>',
        '<p style="content: url({url})">x</p>',
        "<svg xmlns='http://www.w3.org/2000/svg'><image href='{url}' width='9' height='9'/></svg>",
    ],
)
def test_a_letter_reads_neither_the_network_nor_files(
    letters: LetterPrinter, listener: socket.socket, tmp_path: Path, part: str
) -> None:
    (tmp_path / "secret.txt").write_text("the-secret-of-the-file")
    for url in (f"http://127.0.0.1:{listener.getsockname()[1]}/x", (tmp_path / "secret.txt").as_uri()):
        try:
            printed = letters.print(PAGE.format(f"<body>{part.format(url=url)}</body>"))
        except LetterError:
            continue
        assert b"the-secret-of-the-file" not in printed.pdf
        with pikepdf.open(io.BytesIO(printed.pdf)) as document:
            assert not document.attachments
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_a_letter_with_an_outside_image_is_refused_with_the_remedy_and_the_next_is_printed(
    letters: LetterPrinter,
) -> None:
    letters.print(PAGE.format("<body>one</body>"))
    before = letters.pids()
    with pytest.raises(LetterError, match="data: URLs only, not https:; embed the image"):
        letters.print(PAGE.format('<body><img src="https://energy.example/logo.png"></body>'))
    assert letters.pids() == before


def test_letters_from_many_threads_are_each_their_own(letters: LetterPrinter) -> None:
    pages = [PAGE.format(f"<body><p>letter number {number}</p></body>") for number in range(12)]
    with ThreadPoolExecutor(6) as threads:
        printed = list(threads.map(letters.print, pages))
    assert ["letter number" in page_text(one.pdf) for one in printed] == [True] * 12
    assert [page_text(one.pdf).split()[-1] for one in printed] == [str(number) for number in range(12)]
    assert [one.html for one in printed] == pages


def test_one_bad_letter_does_not_spoil_the_others(letters: LetterPrinter) -> None:
    good, bad = PAGE.format("<body>good</body>"), PAGE.format("<body>\u0e01</body>")
    first, second, third = letters.print_many([good, bad, good])
    assert isinstance(first, LetterMessage)
    assert isinstance(second, LetterError)
    assert isinstance(third, LetterMessage)
    assert first.sha256 == third.sha256


def test_after_a_killed_process_that_letter_fails_and_the_next_is_printed() -> None:
    with LetterPrinter() as printer:
        printer.print(PAGE.format("<body>one</body>"))
        (pid,) = printer.pids()
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(LetterDied):
            printer.print(PAGE.format("<body>two</body>"))
        assert "three" in page_text(printer.print(PAGE.format("<body>three</body>")).pdf)
        assert printer.pids() != [pid]


def test_a_letter_that_takes_too_long_is_given_up_and_the_next_is_printed() -> None:
    endless = "<table>" + "<tr><td style='float:left'><p>x</p></td></tr>" * 20_000 + "</table>"
    with LetterPrinter(timeout=1) as printer:
        with pytest.raises(LetterDied, match="within 1 seconds"):
            printer.print(PAGE.format(f"<body>{endless}</body>"))
        assert printer.print(PAGE.format("<body>short</body>")).pages == 1


def test_a_process_is_replaced_after_its_share_of_letters() -> None:
    with LetterPrinter(recycle_after=2) as printer:
        printer.print(PAGE.format("<body>one</body>"))
        (first,) = printer.pids()
        printer.print(PAGE.format("<body>two</body>"))
        assert printer.pids() == []
        printer.print(PAGE.format("<body>three</body>"))
        assert printer.pids() != [first]


def test_without_fonts_the_printer_says_so_at_the_start(tmp_path: Path) -> None:
    with LetterPrinter(fonts=tmp_path) as printer, pytest.raises(LetterError, match="fonts"):
        printer.start()


def test_a_debtor_without_an_address_gets_no_letter(renderer: Renderer) -> None:
    context = sample_context("en")
    with pytest.raises(TemplateError, match="postal address"):
        letter(renderer, replace(context, debtor=replace(context.debtor, contact_points=())))

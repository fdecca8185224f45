"""What a debtor reads of a rendered message, as the rules on words look at it."""

from __future__ import annotations

from outreach.domain.message import Content, EmailMessage, SmsMessage
from outreach.domain.wording import Text
from outreach.rendering.email import derive_text


def text_of(content: Content, language: str) -> Text:
    """The words of a message; `language` is that of its template (`Renderer.language`)."""
    match content:
        case SmsMessage():
            return Text("", content.body, language)
        case EmailMessage():
            return Text(content.subject, content.text, language)
        case _:
            return Text("", derive_text(content.html), language)

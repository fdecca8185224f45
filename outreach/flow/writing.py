"""Write: the rendered message of a notice, and what the packs' rules on words say about it."""

from __future__ import annotations

from outreach.domain.gate import Hit, Question
from outreach.domain.message import Content
from outreach.flow.desk import Desk
from outreach.flow.message import message_context
from outreach.store.notice_rows import Notice


def written(desk: Desk, notice: Notice, asked: Question) -> tuple[Content, list[Hit]]:
    """The content of a message, and the rules that its words break."""
    context = message_context(asked.facts, notice, desk.settings, asked.now)
    return desk.renderer.render(notice.template, notice.channel, context), []

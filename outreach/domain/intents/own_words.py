"""What a debtor wrote of an e-mail: without what it quotes, signs with, or a mail program put below."""

from __future__ import annotations

import re

#: From such a line on everything is quoted or a signature.
_ENDS = re.compile(
    r"^\s*(?:"
    r"on\b.{3,120}\bwrote\s*:|el\b.{3,120}\bescribi[oó]\s*:|在.{3,80}写道\s*[:：]|.{0,40}于.{3,80}写道\s*[:：]"
    r"|-{2,}\s*(?:original message|forwarded message|mensaje original|mensaje reenviado|原始邮件|转发的?邮件)\s*-*"
    r"|(?:from|de|发件人|寄件者)\s*[:：].*@.*|_{10,}"
    r"|--\s*|—\s*"
    r"|(?:sent from|get outlook for|enviado desde|发自|寄自).{0,80}"
    r")\s*$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"^\s*[>|]")
#: The line by which our own messages say how to stop, where it is quoted without a mark.
_FOOTER = re.compile(
    r"^\s*(?:reply (?:with )?stop to\b|responda (?:alto|stop)\b.{0,20}\bpara\b|回复\s*td\s*退订)", re.IGNORECASE
)
#: Two lines of an attribution that a mail program broke: "On Tue, Dec 1, 2026 at 9:00 AM Lender\n<x@y> wrote:".
_BROKEN = re.compile(
    r"^[ \t]*(?:on|el|在)\b.{3,120}\n.{0,120}(?:wrote|escribi[oó]|写道)[ \t]*[:：][ \t]*$", re.IGNORECASE | re.MULTILINE
)


def own_words(text: str) -> str:
    """The text as far as it is the writer's own; "" when all of it is quoted."""
    broken = _BROKEN.search(text)
    lines = (text[: broken.start()] if broken else text).splitlines()
    kept: list[str] = []
    for line in lines:
        if _ENDS.match(line[:300]):
            break
        if not (_QUOTED.match(line) or _FOOTER.match(line)):
            kept.append(line)
    return "\n".join(kept).strip()

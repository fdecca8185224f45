"""Answering as the debtor, by the pages and by tests."""

from __future__ import annotations

from outreach.sandbox.clockwork import Clockwork
from outreach.sandbox.mailing import Mailing
from outreach.sandbox.texting import Texting
from outreach.sandbox.world import World


class Answering:
    """Finds what is answered, and answers it."""

    def __init__(self, world: World, clock: Clockwork, texting: Texting, mailing: Mailing) -> None:
        self._world = world
        self._clock = clock
        self._texting = texting
        self._mailing = mailing

    def answer(self, channel: str, person: str, body: str) -> bool:
        """Answer the last message that a person got ("sms" or "email"); False when there is none."""
        return self._text(person, body) if channel == "sms" else self._mail(person, body)

    def _text(self, person: str, body: str) -> bool:
        texts = self._world.texts.of(person)
        if texts:
            self._clock.spawn(self._texting.answer(person, texts[-1].ours, body))
        return bool(texts)

    def _mail(self, person: str, body: str, ref: str | None = None) -> bool:
        mails = [m for m in self._world.mails.of(person) if not m.inbound and ref in {None, m.ref}]
        if mails:
            self._clock.spawn(self._mailing.answer(mails[-1], body))
        return bool(mails)

    def answer_mail(self, ref: str, body: str) -> bool:
        """Answer one mail, by its reference; False when there is no such mail."""
        mail = self._world.mails.by_ref.get(ref)
        return mail is not None and self._mail(mail.person, body, ref)

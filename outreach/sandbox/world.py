"""All that the sandbox remembers, indexed by the debtor; rebuilt from the ledger after a restart."""

from __future__ import annotations

from collections import defaultdict
from typing import Generic, TypeVar

from outreach.sandbox.items import Letter, Mail, Text
from outreach.sandbox.keywords import Keyword, keyword

Held = TypeVar("Held", Text, Mail, Letter)

#: SendGrid's reasons for dropping a later mail to an address, by the event that put it on the list.
_SUPPRESSING = {
    "bounce": "Bounced Address",
    "spamreport": "Spam Reporting Address",
    "unsubscribe": "Unsubscribed Address",
}


class Shelf(Generic[Held]):
    """Items of one kind: by reference, and by person in order of arrival."""

    def __init__(self) -> None:
        self.by_ref: dict[str, Held] = {}
        self.by_person: dict[str, list[Held]] = defaultdict(list)

    def add(self, item: Held) -> None:
        self.by_ref[item.ref] = item
        self.by_person[item.person].append(item)

    def of(self, person: str) -> list[Held]:
        """What a person has, oldest first; empty for a stranger."""
        return self.by_person.get(person, [])


class World:
    """Phones, mailboxes and letterboxes, and who opted out of what."""

    def __init__(self) -> None:
        self.texts: Shelf[Text] = Shelf()
        self.mails: Shelf[Mail] = Shelf()
        self.letters: Shelf[Letter] = Shelf()
        self._letters_by_key: dict[str, Letter] = {}
        self._opted_out: set[tuple[str, str]] = set()
        self._suppressed: dict[str, str] = {}
        self._throttled: set[str] = set()

    def add_text(self, text: Text) -> None:
        """Put a text on the phone; a debtor's STOP or START changes what the carrier lets through."""
        self.texts.add(text)
        if not text.inbound:
            return
        word = keyword(text.body)
        if word is Keyword.STOP:
            self._opted_out.add((text.person, text.ours))
        elif word is Keyword.START:
            self._opted_out.discard((text.person, text.ours))

    def add_letter(self, letter: Letter) -> None:
        """Put a letter on its way; the newest of an idempotency key is the one that counts."""
        self.letters.add(letter)
        if letter.idempotency_key:
            self._letters_by_key[letter.idempotency_key] = letter

    def letter_by_key(self, key: str) -> Letter | None:
        """The last letter that an idempotency key made."""
        return self._letters_by_key.get(key)

    def has_stopped(self, person: str, ours: str) -> bool:
        """Whether Twilio blocks texts from our number to this person (21610)."""
        return (person, ours) in self._opted_out

    def suppress(self, address: str, event: str) -> None:
        """Remember a SendGrid event after which further mail to the address is dropped."""
        if reason := _SUPPRESSING.get(event):
            self._suppressed[address.lower()] = reason

    def lift(self, address: str) -> bool:
        """Let mail to an address through again; whether it was dropped."""
        return self._suppressed.pop(address.lower(), None) is not None

    def suppression(self, address: str) -> str | None:
        """SendGrid's reason for dropping mail to the address."""
        return self._suppressed.get(address.lower())

    def throttles(self, recipient: str) -> bool:
        """True the first time that a recipient coded for 429 is tried."""
        first = recipient not in self._throttled
        self._throttled.add(recipient)
        return first

"""`require` rules: something must be there. Which keys count depends on `need`."""

from __future__ import annotations

from typing import ClassVar, Literal, NamedTuple, Self

from pydantic import model_validator

from outreach.documents.model import key
from outreach.documents.words import SlugValue, mistake
from outreach.domain.policy import Need, OnHit, Require, Status
from outreach.domain.standing import ConsentScope
from outreach.policies.rule_base import Number, RuleKeys, Text
from outreach.policies.words import AnyLanguageValue, BasisValue, ConsentValue, NeedValue, RegexValue


class _Keys(NamedTuple):
    """The keys of which a need must have one, and those that it may have."""

    needed: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()


_KEYS = {
    Need.CONSENT: _Keys(allowed=("scope", "basis", "valid_days")),
    Need.BASIS: _Keys(needed=("basis",)),
    Need.IDENTITY: _Keys(),
    Need.NOTICE_FIRST: _Keys(needed=("notice",), allowed=("days",)),
    Need.VALIDATION: _Keys(allowed=("days",)),
    Need.ESIGN: _Keys(),
    Need.PREFERENCE: _Keys(),
    Need.SENDER: _Keys(),
    Need.TEXT: _Keys(needed=("texts", "shown_by")),
    Need.HEADER: _Keys(needed=("header",)),
}
_OWN = frozenset(name for keys in _KEYS.values() for name in keys.needed + keys.allowed)


class RequireKeys(RuleKeys):
    """Something must be there, or the message is not sent so."""

    usual: ClassVar = OnHit.SUPPRESS

    kind: Literal["require"] = key("The kind of rule.", "require")
    need: NeedValue = key("What must be there.", "consent")
    scope: ConsentValue = key("To what the debtor consented.", "servicing", default=ConsentScope.SERVICING)
    basis: list[BasisValue] = key(
        "Why the address may be used: one of these.", ["direct_consent"], default=[], min_length=1
    )
    valid_days: Number = key("How long a consent counts; left out, for ever.", 540, default=0)
    notice: SlugValue = key("The notice that comes first, by its name in the accounts.", "written", default="")
    days: Number = key("Days to wait after the notice, or within which it must follow.", 5, default=0)
    texts: dict[AnyLanguageValue, Text] = key(
        'Texts that a message must have, by language; "*" is any. They are added where they are missing; where nothing '
        "can be added, write `shown_by` alone.",
        {"en": "This is an attempt to collect a debt."},
        default={},
        min_length=1,
    )
    shown_by: dict[AnyLanguageValue, list[RegexValue]] = key(
        "Regular expressions by which the text counts as there, by language.",
        {"en": ["attempt to collect"]},
        default={},
    )
    header: Text = key("The e-mail header that must be there.", "List-Unsubscribe", default="")

    @model_validator(mode="after")
    def _fits_its_need(self) -> Self:
        keys = _KEYS[self.need]
        if keys.needed and not self.model_fields_set & set(keys.needed):
            names = "` or `".join(keys.needed)
            help_text = type(self).model_fields[keys.needed[0]].description
            raise mistake(f"`need: {self.need}` is without `{names}`", f"Add `{keys.needed[0]}`: {help_text}")
        for name in sorted(self.model_fields_set & _OWN):
            if name not in keys.needed + keys.allowed:
                raise mistake(f"`{name}` has no use with `need: {self.need}`", f"Remove `{name}`", name)
        return self

    def rule(self, pack_status: Status) -> Require:
        """The rule that the keys mean, in a pack of that status."""
        return Require(
            **self.common(pack_status),
            need=self.need,
            scope=self.scope,
            basis=frozenset(self.basis),
            valid_days=self.valid_days,
            notice=self.notice,
            days=self.days,
            texts=dict(self.texts),
            shown_by={language: tuple(shown) for language, shown in self.shown_by.items()},
            header=self.header,
        )

"""What all rules of a pack file have: their keys, and what they mean."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, Any, ClassVar

from pydantic import Field

from outreach.documents.model import FileModel, key
from outreach.documents.words import DebtValue, RoleValue
from outreach.domain.policy import OnHit, Rule, Status, When
from outreach.policies.words import MediumValue, OnHitValue, PlaceValue, PurposeValue, RuleIdValue, StatusValue

Text = Annotated[str, Field(min_length=1)]
Flag = Annotated[bool, Field(strict=True)]
Count = Annotated[int, Field(strict=True, ge=1, le=3650)]
Number = Annotated[int, Field(strict=True, ge=0, le=3650)]


class WhenKeys(FileModel):
    """When the rule speaks: all that is given must fit. What is left out does not restrict."""

    media: list[MediumValue] = key("By what the debtor is contacted.", ["sms", "email"], default=[], min_length=1)
    roles: list[RoleValue] = key("In whose name is collected.", ["third_party"], default=[], min_length=1)
    debt: list[DebtValue] = key("What the debt is from.", ["consumer"], default=[], min_length=1)
    purposes: list[PurposeValue] = key("What the message is for.", ["promotion"], default=[], min_length=1)
    places: list[PlaceValue] = key("Where the address reaches the debtor.", ["work"], default=[], min_length=1)
    first: Flag | None = key(
        "Only the first communication about the account, or only those after it.", True, default=None
    )
    time_barred: Flag | None = key("Only when the limitation period is over, or only when it runs.", True, default=None)
    validating: Flag | None = key("Only while the validation period runs, or only after it.", True, default=None)

    def when(self) -> When:
        """The condition that the keys mean."""
        return When(
            media=frozenset(self.media),
            roles=frozenset(self.roles),
            debt=frozenset(self.debt),
            purposes=frozenset(self.purposes),
            places=frozenset(self.places),
            first=self.first,
            time_barred=self.time_barred,
            validating=self.validating,
        )


class RuleKeys(FileModel, ABC):
    """A rule. Each kind adds its own keys; `usual` is what a rule of the kind does when nothing else is said."""

    usual: ClassVar[OnHit]

    id: RuleIdValue = key("What the rule is called; once in the pack.", "RF-01")
    note: Text = key("The rule in plain words, as agents read it.", "Between 8 in the morning and 9 in the evening")
    sources: list[Text] = key("Where the rule stands.", ["12 CFR 1006.6(b)(1)(i)"], min_length=1)
    status: StatusValue | None = key(
        "How sure the rule is; left out, as its pack. An unverified one may only tighten.", "unverified", default=None
    )
    when: WhenKeys = key("When the rule speaks; left out, always.", {"media": ["sms", "email"]}, default=WhenKeys())
    except_purposes: list[PurposeValue] = key(
        "Purposes that this rule lets pass.", ["opt_out_confirmation"], default=[], min_length=1
    )
    on_hit: OnHitValue | None = key("What happens when the rule is broken.", "defer", default=None)

    @abstractmethod
    def rule(self, pack_status: Status) -> Rule:
        """The rule that the keys mean, in a pack of that status."""

    def common(self, pack_status: Status) -> dict[str, Any]:
        """The fields that rules of all kinds have."""
        return {
            "id": self.id,
            "note": self.note,
            "sources": tuple(self.sources),
            "when": self.when.when(),
            "except_purposes": frozenset(self.except_purposes),
            "on_hit": self.on_hit or self.usual,
            "status": self.status or pack_status,
        }

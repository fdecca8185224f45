"""What each kind of case does: one table. The rows cite the compliance catalogue (sections 3, 8, 9, 10 and 13)."""

from __future__ import annotations

from outreach.domain.account import HoldReason
from outreach.domain.case import Authority, CaseKind, CaseRule, Needed, Scope, Term, TermUnit, Way

_DATED = (Needed.ON, Needed.HOW)

_VERIFIED = Way(
    "verified",
    "the verification was sent to the debtor",
    "Write when and how the verification was sent.",
    _DATED,
)
_WITHDRAWN = Way(
    "withdrawn",
    "the debtor took it back",
    "Write how the debtor took it back.",
    (Needed.HOW,),
)
_CORRECTED = Way(
    "corrected",
    "the debtor was right and the account was corrected",
    "Write what was corrected.",
    (Needed.NOTE,),
)
_DUPLICATE = Way(
    "duplicate",
    "it was the same dispute again and the debtor was told so",
    "Write when and how the debtor was told why it is the same dispute.",
    _DATED,
)
_FOUND = Way("payment_found", "the payment was found", "Write which payment was found.", (Needed.NOTE,))
_MISTAKEN = Way("mistaken", "it was a mistake", "Write how it is known that it was a mistake.", (Needed.HOW,))
_ANSWERED = Way("answered", "the answer was sent to the debtor", "Write when and how the answer was sent.", _DATED)


def _agreed(says: str, ask: str) -> Way:
    return Way("reviewed", says, ask, (Needed.NOTE,))


_FIVE_BUSINESS_DAYS = Term(5, TermUnit.BUSINESS_DAY)

_RULES = (
    CaseRule(
        CaseKind.DISPUTE,
        HoldReason.DISPUTE,
        Scope.ACCOUNT,
        task="dispute",
        title="The debtor disputes the debt: verify it",
        review=Term(30),
        ways=(_VERIFIED, _CORRECTED, _WITHDRAWN, _DUPLICATE),
        source=("12 CFR 1006.38(d)(2)", "CONC 7.14", "CN credit card rules art. 69", "30 days: house"),
        freezes_dpd=True,
        disputes=True,
        reply_step="dispute_received",
    ),
    CaseRule(
        CaseKind.PAID_CLAIMED,
        HoldReason.DISPUTE,
        Scope.ACCOUNT,
        task="dispute",
        title="The debtor says that it is paid: find the payment",
        review=_FIVE_BUSINESS_DAYS,
        ways=(_FOUND, _VERIFIED, _WITHDRAWN),
        source=("12 CFR 1006.38(d)(2)", "five business days: house"),
        freezes_dpd=True,
        disputes=True,
        reply_step="paid_received",
    ),
    CaseRule(
        CaseKind.IDENTITY_THEFT,
        HoldReason.DISPUTE,
        Scope.DEBTOR,
        task="identity_theft",
        title="The debtor reports identity theft: look into it",
        review=Term(4, TermUnit.BUSINESS_DAY),
        ways=(_CORRECTED, _VERIFIED, _WITHDRAWN),
        source=("12 CFR 1006.38(d)(2)", "15 USC 1681m(g)", "four business days: house, after 15 USC 1681c-2(a)"),
        freezes_dpd=True,
        disputes=True,
        reply_step="identity_theft_received",
    ),
    CaseRule(
        CaseKind.ORIGINAL_CREDITOR,
        HoldReason.DISPUTE,
        Scope.ACCOUNT,
        task="documents",
        title="The debtor asks for the name and address of the original creditor",
        review=_FIVE_BUSINESS_DAYS,
        ways=(_ANSWERED, _WITHDRAWN),
        source=("12 CFR 1006.38(c)", "five business days: house"),
        freezes_dpd=True,
    ),
    CaseRule(
        CaseKind.HARDSHIP,
        HoldReason.HARDSHIP,
        Scope.DEBTOR,
        task="hardship",
        title="The debtor cannot pay: talk about what is possible",
        review=Term(6),
        pause=Term(7),
        ways=(_agreed("a person agreed with the debtor how to go on", "Write what was agreed with the debtor."),),
        source=("compliance catalogue, section 13: seven days",),
        reply_step="hardship_received",
    ),
    CaseRule(
        CaseKind.DEBT_ADVICE,
        HoldReason.PLAN,
        Scope.DEBTOR,
        task="hardship",
        title="A debt adviser works on a plan for the debtor",
        review=Term(30),
        ways=(_agreed("a person looked at where the plan stands", "Write where the adviser's plan stands."),),
        source=("CONC 7.3.11-7.3.12: about 30 days, then a review",),
    ),
    CaseRule(
        CaseKind.VULNERABLE,
        HoldReason.VULNERABLE,
        Scope.DEBTOR,
        task="vulnerable",
        title="The debtor may be in danger or need: call a colleague who is trained for it, now",
        review=Term(1, TermUnit.BUSINESS_DAY),
        ways=(_agreed("the debtor has the support that was agreed", "Write what support the debtor has."),),
        source=("FCA FG21/1", "CONC 7.2", "one business day: house"),
        authority=Authority.SUPERVISOR,
    ),
    CaseRule(
        CaseKind.BANKRUPTCY,
        HoldReason.BANKRUPTCY,
        Scope.DEBTOR,
        task="bankruptcy",
        title="The debtor is bankrupt or filed for it: check the case",
        review=Term(30),
        ways=(
            Way(
                "dismissed",
                "the court closed or dismissed the case, or lifted the stay",
                "Write when the court closed or dismissed the case, and the case's number.",
                (Needed.ON, Needed.WHO),
            ),
            _MISTAKEN,
        ),
        source=("11 USC 362(a)(6)", "11 USC 524(a)(2)", "30 days: house"),
        authority=Authority.LEGAL,
        freezes_dpd=True,
        cancels=True,
    ),
    CaseRule(
        CaseKind.DECEASED,
        HoldReason.DECEASED,
        Scope.DEBTOR,
        task="deceased",
        title="The debtor has died: find who represents the estate",
        review=Term(30),
        ways=(
            Way(
                "representative",
                "who represents the estate is known, and the addresses on the account are theirs",
                "Write the name of who represents the estate, and how that is known.",
                (Needed.WHO, Needed.HOW),
            ),
            _MISTAKEN,
        ),
        source=("12 CFR 1006.6(a)(4)", "30 days: house"),
        authority=Authority.LEGAL,
        cancels=True,
    ),
    CaseRule(
        CaseKind.BEREAVEMENT,
        HoldReason.BEREAVEMENT,
        Scope.DEBTOR,
        task="vulnerable",
        title="The debtor has lost somebody: leave them in peace",
        review=Term(30),
        ways=(_agreed("a person looked at it", "Write how it is known that the debtor can be contacted again."),),
        source=("RBI draft directions on recovery of 2026", "30 days: house"),
    ),
    CaseRule(
        CaseKind.ATTORNEY,
        HoldReason.ATTORNEY,
        Scope.DEBTOR,
        task="attorney",
        title="An attorney represents the debtor: write to the attorney only",
        review=Term(30),
        ways=(
            Way(
                "not_represented",
                "the debtor is no longer represented",
                "Write how it is known that the debtor is no longer represented.",
                (Needed.HOW,),
            ),
            Way(
                "no_response",
                "the attorney was asked and did not answer in a reasonable time",
                "Write the attorney's name and contact, and when the attorney was asked.",
                (Needed.WHO, Needed.ON),
            ),
            Way(
                "consents",
                "the attorney agrees that we write to the debtor",
                "Write the attorney's name and contact, and when and how the attorney agreed.",
                (Needed.WHO, *_DATED),
            ),
        ),
        source=("12 CFR 1006.6(b)(2)", "30 days: house"),
        authority=Authority.LEGAL,
        cancels=True,
    ),
    CaseRule(
        CaseKind.CEASE,
        HoldReason.CEASE,
        Scope.DEBTOR,
        task="cease",
        title="The debtor wants no contact at all: only the law's own notices may follow",
        review=_FIVE_BUSINESS_DAYS,
        ways=(
            Way(
                "asked_again",
                "the debtor asked in writing to be contacted again",
                "Write when and how the debtor asked to be contacted again.",
                _DATED,
            ),
            _MISTAKEN,
        ),
        source=("12 CFR 1006.6(c)", "15 USC 1692c(c)", "five business days: house"),
        authority=Authority.LEGAL,
        cancels=True,
    ),
    CaseRule(
        CaseKind.COMPLAINT,
        HoldReason.COMPLAINT,
        Scope.DEBTOR,
        task="complaint",
        title="The debtor complains or threatens legal steps: look into it and answer",
        review=_FIVE_BUSINESS_DAYS,
        ways=(_ANSWERED, _WITHDRAWN),
        source=("compliance catalogue, section 13", "FCA DISP 1.6: eight weeks at most", "five business days: house"),
        authority=Authority.SUPERVISOR,
    ),
    CaseRule(
        CaseKind.BREATHING_SPACE,
        HoldReason.BREATHING_SPACE,
        Scope.DEBTOR,
        task="breathing_space",
        title="Breathing space: read its end from the official notice",
        review=_FIVE_BUSINESS_DAYS,
        ways=(
            Way(
                "ended",
                "the moratorium has ended or was cancelled, by the official notice",
                "Write the day on which the moratorium ended, and which notice says so.",
                _DATED,
            ),
            _MISTAKEN,
        ),
        source=("SI 2020/1311: the end is the notice's, never computed", "five business days to get it: house"),
        freezes_dpd=True,
        authority=Authority.SUPERVISOR,
    ),
    CaseRule(
        CaseKind.MILITARY,
        HoldReason.MILITARY,
        Scope.DEBTOR,
        task="military",
        title="The debtor serves in the armed forces: check the status and the rate of interest",
        review=_FIVE_BUSINESS_DAYS,
        ways=(
            Way(
                "reviewed",
                "the status was checked and the account follows the law",
                "Write when and how the status was checked.",
                _DATED,
            ),
        ),
        source=("50 USC 3937", "50 USC 3931", "five business days: house"),
        authority=Authority.SUPERVISOR,
    ),
    CaseRule(
        CaseKind.OBJECTION,
        HoldReason.OBJECTION,
        Scope.DEBTOR,
        task="complaint",
        title="The debtor objects to the use of their data: answer within a month",
        review=Term(1, TermUnit.MONTH),
        ways=(_ANSWERED, _WITHDRAWN),
        source=("GDPR art. 12(3): one month", "GDPR art. 18, 21"),
        authority=Authority.SUPERVISOR,
    ),
)

RULES = {rule.kind: rule for rule in _RULES}

#: Which kind a hold is of that says no more than its reason; other reasons (manual, legal, ...) are no cases.
OF_REASON = {HoldReason(kind.value): kind for kind in CaseKind if kind.value in set(HoldReason)}

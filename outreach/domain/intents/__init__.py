"""What debtors' answers ask for, and the words by which it is seen, a module a language.

Source: the reply intents of the compliance catalogue, with their order of precedence.
"""

from __future__ import annotations

from enum import StrEnum


class Intent(StrEnum):
    """What an answer asks for, in the order of precedence: of several, the first decides."""

    VULNERABLE_CRISIS = "vulnerable_crisis"
    BANKRUPTCY = "bankruptcy"
    DECEASED = "deceased"
    ATTORNEY = "attorney"
    CEASE_ALL = "cease_all"
    WRONG_NUMBER = "wrong_number"
    IDENTITY_THEFT = "identity_theft"
    DISPUTE = "dispute"
    OPT_OUT_CHANNEL = "opt_out_channel"
    COMPLAINT_LEGAL_THREAT = "complaint_legal_threat"
    BREATHING_SPACE_DEBT_ADVICE = "breathing_space_debt_advice"
    MILITARY_SCRA = "military_scra"
    NO_WORK_CONTACT = "no_work_contact"
    CHANNEL_PREFERENCE = "channel_preference"
    INCONVENIENT_TIME = "inconvenient_time"
    HARDSHIP = "hardship"
    REQUEST_ORIGINAL_CREDITOR = "request_original_creditor"
    PAID_ALREADY = "paid_already"
    PROMISE_TO_PAY = "promise_to_pay"
    HUMAN_OR_CALLBACK = "human_or_callback"
    LANGUAGE_REQUEST = "language_request"
    HELP = "help"
    OPT_IN = "opt_in"
    AUTO_REPLY = "auto_reply"
    NONE = "none"


class Opt(StrEnum):
    """What an answer says of being written to on the channel on which it came."""

    STOP = "stop"
    START = "start"


#: Each intent's place in the order of precedence.
RANK = {intent: rank for rank, intent in enumerate(Intent)}

"""Plain words for code words: states, channels, kinds of happenings, intents. `wording.py` makes sentences of them."""

from __future__ import annotations

CHANNEL = {"sms": "Text message", "email": "E-mail", "letter": "Letter", "call": "Call"}

MANY = {"sms": "text messages", "email": "e-mails", "letter": "letters", "call": "calls"}

STATE = {
    "planned": "Planned",
    "claimed": "Being prepared",
    "sending": "Sending",
    "uncertain": "Outcome not known",
    "sent": "Sent",
    "delivered": "Delivered",
    "undelivered": "Not delivered",
    "suppressed": "Not allowed",
    "cancelled": "Cancelled",
    "failed": "Failed",
}

#: What a state is, for the colour of its badge: good, bad, wait, quiet.
TONE = {
    "delivered": "good",
    "sent": "good",
    "failed": "bad",
    "undelivered": "bad",
    "uncertain": "warn",
    "planned": "wait",
    "claimed": "wait",
    "sending": "wait",
}

MOVE = {
    "planned": "{message} planned",
    "sending": "{message} handed to {provider}",
    "sent": "{message} sent",
    "delivered": "{message} delivered",
    "undelivered": "{message} did not arrive",
    "uncertain": "{message}: it is not known whether {provider} took it; we ask, and do not send it again blindly",
    "failed": "{message} could not be sent",
    "suppressed": "{message} was not sent: not allowed",
    "cancelled": "{message} cancelled",
}

PUT_OFF = "{message} put off"

KIND = {
    "imported": "Account imported",
    "updated": "Account updated by an import",
    "payment": "Payment of {amount} received",
    "credit": "Credit of {amount} booked",
    "reversal": "Payment of {amount} taken back",
    "reply": "Debtor answered: {text}",
    "hold_placed": "Hold placed: {reason}{until}",
    "hold_released": "Hold released: {reason}",
    "hold_ended": "Hold ended: {reason}",
    "opted_out": "Debtor opted out of {channel}",
    "opted_in": "Debtor opted in to {channel} again",
    "consent_given": "Debtor consented to {scope} by {channel}: {source}",
    "consent_revoked": "Debtor revoked the consent to {scope} by {channel}: {source}",
    "wrong_party": "{address} turned out to be somebody else's: {source}",
    "party_verified": "{address} is the debtor's: {source}",
    "contact": "{medium} {direction}: {reach}",
    "page_visited": "Debtor opened the debtor's page, proved by {by}",
    "payment_page_opened": "Debtor went on to the payment page",
    "attachment_received": "Debtor sent a file: {name}",
    "documents_requested": "Debtor asked for documents: {what}",
    "task_opened": "Task: {title}",
    "task_closed": "Task done: {title}{disposition}",
    "task_claimed": "Task taken: {title}",
    "task_released": "Task put back: {title}",
    "task_assigned": "Task given to {to}: {title}",
    "task_put_off": "Task put off{until}: {title}{disposition}",
    "task_withdrawn": "Task closed by itself: {title}",
    "enrolled": "Entered the campaign {campaign}",
    "left": "Left the campaign {campaign}",
    "erased": "Personal data erased: its time was over by every rule",
    "proof_exported": "Proof file exported",
    "promised": "Debtor promised to pay {amount} by {due_on}",
    "promise_kept": "Promise kept: {amount} by {due_on}",
    "promise_partially_kept": "Promise kept only in part: {amount} by {due_on}",
    "promise_broken": "Promise broken: {amount} by {due_on}",
    "promise_cancelled": "Promise cancelled, {amount} by {due_on}: {reason}",
    "promise_reopened": "Promise open again, {amount} by {due_on}: {reason}",
    "plan_proposed": "Payment plan proposed: {amount} in parts ({instalments}), the last on {last_due_on}",
    "plan_accepted": "Payment plan agreed: {amount} in parts ({instalments}), the last on {last_due_on}",
    "plan_declined": "Payment plan declined",
    "plan_expired": "Proposed payment plan is over",
    "plan_cancelled": "Payment plan cancelled",
    "plan_completed": "Payment plan completed",
    "plan_defaulted": "Payment plan in default",
    "plan_reopened": "Payment plan open again: a payment was taken back",
    "instalment_missed": "Instalment {number} of {instalments} was missed: {amount}",
    "disputed": "Debtor disputes the debt: {contested}",
    "dispute_reviewed": "Dispute under review: {contested}",
    "verification_sent": "Verification of the debt sent on {sent_on} by {how}",
    "dispute_resolved": "Dispute {state}: {contested}",
    "case_added": "Debtor said more about: {case}",
    "case_review": "Time to look again: {case}",
    "law_notice_given": "Notice that the law asks for given by {channel}: {notice}",
    "law_notice_returned": "Notice that the law asks for did not arrive: {notice}",
    "error_replayed": "Tried again after an error: {what}",
    "error_dismissed": "Error dismissed: {what}",
}

TONE_OF_KIND = {
    "plan_proposed": "wait",
    "plan_accepted": "good",
    "plan_declined": "warn",
    "plan_cancelled": "warn",
    "plan_completed": "good",
    "plan_defaulted": "bad",
    "plan_reopened": "warn",
    "instalment_missed": "bad",
    "payment": "good",
    "credit": "good",
    "promised": "good",
    "promise_kept": "good",
    "promise_partially_kept": "warn",
    "promise_broken": "bad",
    "promise_cancelled": "warn",
    "promise_reopened": "warn",
    "reply": "wait",
    "opted_in": "wait",
    "reversal": "warn",
    "hold_placed": "warn",
    "disputed": "warn",
    "case_added": "warn",
    "case_review": "warn",
    "opted_out": "bad",
    "consent_given": "good",
    "consent_revoked": "bad",
    "wrong_party": "bad",
    "party_verified": "good",
    "contact": "wait",
}

#: By what people contacted a debtor, and how far a contact came.
MEDIUM = {
    "sms": "Text message",
    "email": "E-mail",
    "letter": "Letter",
    "call": "Call",
    "auto_call": "Automatic call",
    "voicemail": "Voicemail",
}
REACH = {
    "attempted": "no answer",
    "failed": "it reached nothing",
    "delivered": "delivered",
    "voicemail": "a voicemail was left",
    "conversation": "a conversation",
}
DIRECTION = {"in": "from the debtor", "out": "to the debtor"}
#: What a debtor consented to, in a sentence.
SCOPE = {
    "servicing": "messages about the account",
    "promotion": "offers",
    "auto_call": "automatic calls",
    "esign": "electronic documents",
}
#: How work on a task ended (domain/disposition.py).
DISPOSITION = {
    "rpc": "right party reached",
    "ptp": "promised to pay",
    "refused": "refused to pay",
    "dispute": "disputes the debt",
    "callback": "asked to be called back",
    "payment_sent": "says that it is paid",
    "in_payment_run": "says that it is in the next payment run",
    "invoice_not_received": "did not get the invoice",
    "hardship": "cannot pay: hardship",
    "vulnerable": "vulnerable, may be in danger",
    "cease": "wants no more contact",
    "attorney": "is represented by an attorney",
    "bankruptcy": "is bankrupt",
    "deceased": "has died",
    "complaint": "complains",
    "third_party": "somebody else answered",
    "wrong_party": "wrong number",
    "voicemail": "left a voicemail",
    "no_answer": "no answer",
    "unreachable": "busy or out of service",
    "done": "done",
    "not_needed": "nothing to do",
    "withdrawn": "its reason was gone",
}
#: What stops an account: the kinds of cases and the reasons of holds that are none.
CASE = {
    "dispute": "the debt is disputed",
    "paid_claimed": "the debtor says that it is paid",
    "identity_theft": "identity theft",
    "original_creditor": "the debtor asks for the original creditor",
    "hardship": "hardship",
    "debt_advice": "a debt adviser works on a plan",
    "vulnerable": "the debtor is vulnerable",
    "bankruptcy": "bankruptcy",
    "deceased": "the debtor has died",
    "bereavement": "bereavement",
    "attorney": "an attorney represents the debtor",
    "cease": "the debtor wants no contact",
    "complaint": "complaint",
    "breathing_space": "breathing space",
    "military": "military service",
    "objection": "objection to the use of data",
    "promise": "promise to pay",
    "plan": "payment plan",
    "legal": "legal hold",
    "manual": "by hand",
    "validation_period": "validation period",
}
#: Why a debtor contests a debt.
DISPUTE = {
    "not_mine": "it is not their debt",
    "amount_wrong": "the amount is wrong",
    "paid": "it is paid",
    "identity_theft": "identity theft",
    "not_received": "nothing was received for it",
    "defective": "what they got was defective",
    "too_old": "it is too old",
    "other": "another reason",
}
#: Words that the data of an entry stands for.
MEANINGS = {
    "channel": MANY,
    "medium": MEDIUM,
    "reach": REACH,
    "direction": DIRECTION,
    "scope": SCOPE,
    "by": {"date_of_birth": "the day of birth", "postal_code": "the postal code"},
    "case": CASE,
    "contested": DISPUTE,
    "disposition": {code: f" ({words})" for code, words in DISPOSITION.items()},
}

#: What an enrolment's `waits_for` says of its campaign, after the campaign's name.
WAITS_FOR = {
    "": "took a step when it was looked at last",
    "day": "waits for the day on which the next step is due",
    "window": "waits for the hours in which it may contact the debtor",
    "gap": "waits, because the debtor was contacted not long ago",
    "hold": "waits for a hold to end",
    "in_flight": "waits for news of the message that is under way",
    "items": "waits until more items are unpaid",
    "zone": "waits for a time zone: nothing says where the debtor is",
    "set_aside": "stands still because of an error; see the dead letters",
    "paid": "has ended: everything is paid",
    "left": "has ended: the account no longer fits it",
    "finished": "has ended: every step was taken",
}

#: How a contact point of a channel is called.
POINT = {"sms": "Phone", "email": "E-mail", "letter": "Address"}

#: The filters of the list of accounts (store.portfolio.Standing).
STANDING = {
    "owing": "With a balance",
    "paid": "Paid",
    "held": "On hold",
    "enrolled": "In a campaign",
    "trouble": "With a message that did not arrive",
}

#: What the gate said.
VERDICT = {
    "clear": "Yes",
    "defer": "Later",
    "route": "A person decides",
    "suppress": "No",
    "cancel": "No longer needed",
}

#: What an answer was taken for; "opt_out" and "unknown" stand in replies that were sealed under these names.
INTENT = {
    "opt_out_channel": "wants no more messages on this channel",
    "opt_out": "wants no more messages on this channel",
    "opt_in": "wants messages again",
    "auto_reply": "an automatic reply",
    "none": "a person has to read it",
    "unknown": "a person has to read it",
    "cease_all": "wants no contact at all",
    "wrong_number": "is somebody else",
    "human_or_callback": "wants to speak with a person",
    "military_scra": "serves in the military",
    "vulnerable_crisis": "may be in danger or cannot manage alone",
    "breathing_space_debt_advice": "is being advised on debts",
    "no_work_contact": "must not be contacted at work",
}

"""What people do about an account's disputes, each as one transaction that leaves its trace.

Every function takes `by`, who does it, and `now` (business time, aware UTC). All raise `actions.Unknown` for an account
or a dispute that is not there or was decided, and `case.NotRecorded` for what cannot be done like this.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Connection, Engine

from outreach.domain.dispute import DisputeState
from outreach.flow import disputes
from outreach.flow.actions import Unknown
from outreach.flow.cases import Disputed
from outreach.flow.consent_actions import Unfit, held_by
from outreach.flow.disputes import NewDispute, NoSuchDispute
from outreach.store import disputes as store
from outreach.store.disputes import Dispute
from outreach.store.users import Role


def open_dispute(
    engine: Engine, account_ref: str, disputed: Disputed, text: str, by: str, now: datetime, at: datetime | None = None
) -> int:
    """A debtor told a person of ours what they contest; `at` is when. Returns the dispute's id. Raises Unfit, too."""
    if not text.strip():
        raise Unfit("What the debtor said is missing: write it in a few words.")
    if at is not None and at > now:
        raise Unfit("The dispute lies in the future: write when it came.")
    with engine.begin() as connection:
        account_id, debtor_id = held_by(connection, account_ref)
        reason, amount, items = disputed.reason, disputed.amount_minor, disputed.items
        said = NewDispute(account_id, debtor_id, reason, by, text.strip(), at or now, amount, items)
        return disputes.raise_dispute(connection, said, now, by)


def review_dispute(engine: Engine, account_ref: str, dispute_id: int | None, by: str, now: datetime) -> None:
    """Somebody looks into it."""
    _with(engine, account_ref, dispute_id, lambda connection, id_: disputes.start_review(connection, id_, now, by))


def verify_dispute(
    engine: Engine, account_ref: str, dispute_id: int | None, sent_on: date, how: str, by: str, now: datetime
) -> None:
    """The verification was sent to the debtor. Without an id it is of the account's only open dispute."""

    def sent(connection: Connection, id_: int) -> None:
        disputes.record_verification_sent(connection, id_, sent_on, how, now, by)

    _with(engine, account_ref, dispute_id, sent)


def resolve_dispute(
    engine: Engine,
    account_ref: str,
    dispute_id: int | None,
    state: DisputeState,
    note: str,
    role: Role,
    by: str,
    now: datetime,
) -> None:
    """A dispute was decided; see disputes.resolve for what becomes of its hold. Raises cases.NotAllowed, too."""

    def decided(connection: Connection, id_: int) -> None:
        disputes.resolve(connection, id_, state, note, role, now, by)

    _with(engine, account_ref, dispute_id, decided)


def _with(engine: Engine, account_ref: str, dispute_id: int | None, do: Callable[[Connection, int], None]) -> None:
    with engine.begin() as connection:
        held_by(connection, account_ref)
        dispute = _meant(store.of_account(connection, account_ref), dispute_id)
        try:
            do(connection, dispute.id)
        except NoSuchDispute as error:
            raise Unknown(str(error)) from error


def _meant(known: list[Dispute], dispute_id: int | None) -> Dispute:
    """The dispute of an id, else the only open one."""
    found = [one for one in known if (one.id == dispute_id if dispute_id is not None else one.open)]
    if len(found) == 1:
        return found[0]
    if dispute_id is not None:
        raise Unknown(f"The account has no dispute {dispute_id}.")
    ids = ", ".join(str(one.id) for one in found)
    raise Unknown(f"The account has several open disputes: name one of {ids}." if found else "Nothing is in dispute.")

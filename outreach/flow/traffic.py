"""What this process knows of the ways out: which circuits are open, how often calls failed in a row, the rates.

Circuits that are not closed are rows that all processes share; they are read at most once a second, and written only
when one opens, is probed, or closes. Failures in a row are counted in each process by itself: a shared count would
cost a write a failure, on one row for which all workers would wait.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import Connection, Engine

from outreach.domain.circuit import Admission, Circuit, Key, Sign, State, signs
from outreach.domain.pacing import Grant, Rate
from outreach.domain.sending import Outcome
from outreach.store import circuits
from outreach.store.buckets import Buckets, LocalBuckets
from outreach.store.engine import reading

log = logging.getLogger(__name__)

#: For how long what was read of the circuits is good enough (machine time).
FRESH = timedelta(seconds=1)


class Traffic:
    """The state of a process's ways out. Its methods are called from many threads; times are the machine's.

    `rates`: what a whole house may send through a provider; one that is not named has no limit.
    """

    def __init__(self, rates: Mapping[str, Rate] | None = None, buckets: Buckets | None = None) -> None:
        self._rates = dict(rates or {})
        self._buckets = buckets or LocalBuckets()
        self._lock = Lock()
        self._known: dict[Key, Circuit] = {}
        self._read_at: datetime | None = None
        #: What shall be written, with the notice whose probe decided it ("" where none did).
        self._unsaved: dict[Key, tuple[Circuit, str]] = {}

    @property
    def is_free(self) -> bool:
        """Whether there is nothing to ask about: no rate, and every circuit is closed."""
        return not self._rates and all(one.state is State.CLOSED for one in list(self._known.values()))

    @property
    def is_undisturbed(self) -> bool:
        """Whether nothing failed lately: no circuit counts failures or is open."""
        return not self._known

    def look(self, engine: Engine, now: datetime, *, again: bool = False) -> None:
        """Read the circuits, unless that was done within the last second."""
        with self._lock:
            if not again and self._read_at is not None and timedelta(0) <= now - self._read_at < FRESH:
                return
            self._read_at = now
        with reading(engine) as connection:
            shared = circuits.read(connection)
        with self._lock:
            counted = {key: one for key, one in self._known.items() if one.state is State.CLOSED}
            self._known = {**counted, **shared, **{key: one for key, (one, _) in self._unsaved.items()}}

    def blocking(self, keys: Sequence[Key], now: datetime) -> tuple[Admission, Circuit | None]:
        """Whether a call may leave, and the circuit that stops it or wants a probe."""
        with self._lock:
            known = [one for key in keys if (one := self._known.get(key)) is not None]
        answers = [(one.admits(now), one) for one in known]
        for wanted in (Admission.NO, Admission.PROBE):
            for admission, circuit in answers:
                if admission is wanted:
                    return admission, circuit
        return Admission.YES, None

    def stops(self, keys: Sequence[Key], notice_id: str, now: datetime) -> Circuit | None:
        """The circuit that has opened since a notice was admitted, if any; the probe itself is not stopped."""
        with self._lock:
            known = [one for key in keys if (one := self._known.get(key)) is not None]
        stopping = (one for one in known if one.admits(now) is not Admission.YES and one.probe != notice_id)
        return next(stopping, None)

    def probe(self, engine: Engine, keys: Sequence[Key], notice_id: str, now: datetime, until: datetime) -> bool:
        """Make a notice the one probe of those circuits that want one; False when another is it already."""
        with self._lock:
            known = [one for key in keys if (one := self._known.get(key)) is not None]
        wanted = [one.probed_by(notice_id, until) for one in known if one.admits(now) is Admission.PROBE]
        with engine.connect() as connection, connection.begin() as transaction:
            won = circuits.probe(connection, wanted, now)
            if not won:
                transaction.rollback()
        if won:
            with self._lock:
                self._known.update({one.key: one for one in wanted})
        else:
            self.look(engine, now, again=True)
        return won

    def observe(self, outcome: Outcome, sender: str, notice_id: str, now: datetime) -> None:
        """Learn from one call's outcome; `save` writes what must be known to others."""
        with self._lock:
            for key, sign in signs(outcome, sender):
                known = self._known.get(key)
                if known is None and sign is not Sign.FAILS:
                    continue
                old = known or Circuit(key)
                new = old.after(sign, outcome.error, notice_id, now)
                if new == Circuit(key):
                    self._known.pop(key, None)
                else:
                    self._known[key] = new
                if (new.state, new.until) != (old.state, old.until):
                    _tell(new)
                    self._unsaved[key] = (new, notice_id if old.probe == notice_id else "")

    def save(self, connection: Connection) -> Mapping[Key, tuple[Circuit, str]]:
        """Write the circuits that opened or closed since the last time; mostly there are none.

        Say `saved` of them once the transaction is committed: one that is rolled back has told nobody.
        """
        if not self._unsaved:
            return {}
        with self._lock:
            unsaved = dict(self._unsaved)
        for _, (circuit, probe) in sorted(unsaved.items()):
            if probe:
                circuits.settle(connection, circuit, probe)
            else:
                circuits.open_(connection, circuit)
        return unsaved

    def saved(self, written: Mapping[Key, tuple[Circuit, str]]) -> None:
        """What `save` wrote is committed; what changed again since stays to be saved."""
        if not written:
            return
        with self._lock:
            self._unsaved = {key: now for key, now in self._unsaved.items() if written.get(key) != now}

    def rate(self, provider: str) -> Rate | None:
        """What the house may send through a provider, None without a limit."""
        return self._rates.get(provider)

    def grant(self, provider: str, wanted: int) -> Grant:
        """How many of `wanted` messages may leave through a provider, and when."""
        rate = self._rates.get(provider)
        return Grant(wanted) if rate is None else self._buckets.take(provider, rate, wanted)


def _tell(circuit: Circuit) -> None:
    way = f"{circuit.key.provider} {circuit.key.sender}".strip()
    if circuit.state is State.CLOSED:
        log.info("%s works again", way)
    else:
        log.warning("%s is paused until %s: %s", way, circuit.until, circuit.reason)

"""A process that dies at any line of deliver, receive, settle, reconcile, release or a sweep loses and doubles nothing.

A clean run notes the lines of `outreach/flow` and `outreach/store` that a flow runs, in every thread that works for it.
Then the same is run again and again from the same state, and dies at one line after the other: no line runs after that,
nothing that was not committed is left, its connections are cut. A new process takes over: time passes, the sweeps and
the flows run, the vendor repeats what it had no answer to. The laws and the end must be those of an undisturbed run.

Two deaths at the same line are the same when no commit and no call to a vendor lies between them: one is enough.
On SQLite a process dies at each line of deliver, receive, settle and reconcile; on PostgreSQL, where it takes longer
and whose part in this is the same rollback, at every tenth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from outreach.domain.event import EventKind, InboundMessage
from outreach.domain.message import Channel
from outreach.domain.sending import Parsed
from outreach.flow.deliver import deliver
from outreach.flow.desk import Desk
from outreach.flow.enroll import enroll
from outreach.flow.receive import receive
from outreach.flow.reconcile import reconcile
from outreach.flow.release import release
from outreach.flow.settle import settle
from outreach.flow.sweep import take_back_lost, to_dispatch, to_reconcile, to_settle
from outreach.flow.traffic import Traffic
from outreach.store.outbox import inbox, notice_events, notices, replies
from tests.flow.dying import Fate, Point, Process, Threads
from tests.flow.house import campaign
from tests.flow.laws import Watch, must, unquiet
from tests.flow.town import PHONE, Message, Saved, Town, town
from tests.flow.vendor import Answer, Script
from tests.flow.worker import Stop

pytestmark = pytest.mark.long

#: A process dies at every n-th of these points.
EVERY = {"sqlite": 1, "postgresql": 10}
#: The same for flows that only plan and take back, and whose transactions are one.
EVERY_PLANNING = {"sqlite": 4, "postgresql": 20}


@dataclass(frozen=True)
class Scene:
    """What a flow finds, what it is asked, and what the world does when it got no answer."""

    prepare: Callable[[Town], None]
    run: Callable[[Town, Desk], object]
    answers: tuple[Answer, ...] = ()
    tells: bool = False
    every: Mapping[str, int] = field(default_factory=lambda: EVERY)


THREE = ("A-1", "A-2", "A-3")
EACH = (Answer.TAKE, Answer.LOSE_ANSWER, Answer.REFUSE_RECIPIENT)
DOUBTS = (Answer.LOSE_ANSWER, Answer.LOSE_CALL, Answer.BREAK_AFTER)


def due(built: Town) -> None:
    """Three texts are planned."""
    built.import_accounts(*THREE)
    built.release()


def sent(built: Town) -> None:
    """The vendor has three texts."""
    due(built)
    built.work_off()


def in_doubt(built: Town) -> None:
    """Of three texts nobody knows whether the vendor has them; its list lags no more."""
    due(built)
    deliver(built.desk(Script(DOUBTS)), planned(built))
    built.clock.advance(timedelta(minutes=11))


def told(built: Town) -> None:
    """The vendor has told all, and nobody has settled it."""
    sent(built)
    tell(built)


def stranded(built: Town) -> None:
    """One worker died with two claimed, another with one at the vendor's."""
    due(built)
    ids = planned(built)
    first, second = built.workers[:2]
    first.start(built.desk(first), Message("deliver", tuple(ids[:2])).job())
    first.go_on(Stop.TRANSACTION)
    first.die()
    second.start(built.desk(second), Message("deliver", tuple(ids[2:])).job())
    second.go_on(Stop.ANSWER)
    second.die()
    built.clock.advance(timedelta(minutes=11))


def planned(built: Town) -> list[str]:
    """Their ids."""
    with built.engine.connect() as connection:
        return sorted(connection.scalars(select(notices.c.id).where(notices.c.state == "planned")))


def the_news(built: Town) -> Parsed:
    """Of each text a vendor tells one thing more; and one debtor stops."""
    first, second, third = built.ledger.taken[:3]
    events = (
        first.news(EventKind.SENT),
        first.news(EventKind.DELIVERED),
        second.news(EventKind.UNDELIVERED, permanent=True),
        third.news(EventKind.SENT),
    )
    stop = InboundMessage("stop-1", Channel.SMS, PHONE, "+12125550100", "STOP")
    return Parsed(events=events, messages=(stop,))


def tell(built: Town, engine: Engine | None = None) -> list[int]:
    """Call the webhook."""
    return receive(engine or built.engine, "alpha", the_news(built), built.clock.now(), built.clock.machine())


def inbox_ids(built: Town) -> list[int]:
    """All that came."""
    with built.engine.connect() as connection:
        return list(connection.scalars(select(inbox.c.id)))


def enter_and_release(built: Town, desk: Desk) -> None:
    """What the scheduler does for a campaign."""
    enroll(desk.engine, built.campaign, desk.clock)
    release(desk, built.campaign.name)


def sweep(desk: Desk) -> None:
    """Every sweep."""
    take_back_lost(desk)
    to_dispatch(desk)
    to_settle(desk)
    to_reconcile(desk)


SCENES = {
    "release": Scene(lambda built: built.import_accounts(*THREE), enter_and_release, every=EVERY_PLANNING),
    "deliver": Scene(due, lambda built, desk: deliver(desk, planned(built)), EACH),
    "receive": Scene(sent, lambda built, desk: tell(built, desk.engine), tells=True),
    "settle": Scene(told, lambda built, desk: settle(desk, inbox_ids(built)), tells=True),
    "reconcile": Scene(in_doubt, lambda built, desk: reconcile(desk, to_reconcile(desk))),
    "sweep": Scene(stranded, lambda _built, desk: sweep(desk), every=EVERY_PLANNING),
}


def recover(built: Town, scene: Scene) -> None:
    """Another process takes over. Leases run out, lists stop lagging, a day passes."""
    if scene.tells:
        tell(built)
    for by in (timedelta(seconds=30), timedelta(minutes=12), timedelta(days=1)):
        built.clock.advance(by)
        built.work_off()


def verdict(built: Town, scene: Scene) -> None:
    """The laws hold, all is quiet, and what was told was applied once."""
    watch = Watch(built.campaign.send_window)
    news = the_news(built) if scene.tells else Parsed()
    watch.received += [one.event_id for one in (*news.events, *news.messages)]
    seen = watch.check(built.engine, built.ledger, built.clock.now())
    wrong = unquiet(seen, built.ledger)
    must(not wrong, "all is quiet in the end", wrong)
    must(len({row.account_id for row in seen.notices.values()}) == len(THREE), "every account is written to")
    times = times_applied(built)
    must(times == [1] * len([*news.events, *news.messages]), "news is applied once", times)


def times_applied(built: Town) -> list[int]:
    """How often each event is in a notice's log, and each answer among the replies."""
    with built.engine.connect() as connection:
        told_of = (notice_events.c.notice_id, notice_events.c.word)
        logged = select(func.count()).where(notice_events.c.word != "").group_by(*told_of)
        answered = select(func.count()).select_from(replies).group_by(replies.c.inbox_id)
        return [*connection.scalars(logged), *connection.scalars(answered)]


@dataclass
class Theatre:
    """A town, and the process whose place is taken by the next one each time it dies."""

    town: Town
    process: Process
    scene: Scene

    def play(self, saved: Saved, fate: Fate) -> None:
        """Run the flow from a state in a process with a fate."""
        self.town.restore(saved)
        self.process.meets(self.scene.answers, ())
        routes, traffic = self.town.routes(self.process, self.process.engine), Traffic()
        office, engine = self.town.office, self.process.engine
        desk = replace(office, engine=engine, pool=Threads(), routes=routes, traffic=traffic)
        self.process.run(fate, lambda: self.scene.run(self.town, desk))

    def survive(self, fate: Fate) -> None:
        """What must be so after a death."""
        try:
            recover(self.town, self.scene)
            verdict(self.town, self.scene)
        except AssertionError as broken:
            file, line, effects = fate.points[-1]
            raise AssertionError(f"it died at {Path(file).name}:{line} after {effects} effects: {broken}") from broken


def deaths(points: Sequence[Point]) -> list[int]:
    """The first line count at each different point."""
    first: dict[Point, int] = {}
    for count, point in enumerate(points, start=1):
        first.setdefault(point, count)
    return sorted(first.values())


@pytest.fixture
def built(database_url: str, tmp_path: Path) -> Iterator[Town]:
    """A town with a campaign of one step, on each database."""
    with town(database_url, tmp_path, campaign()) as made:
        yield made


def theatre(built: Town, name: str) -> Theatre:
    """Where a flow is played."""
    return Theatre(built, Process(built.office.settings.database_url), SCENES[name])


def staged(built: Town, scene: Scene) -> Saved:
    """The state that a flow finds."""
    built.reset()
    scene.prepare(built)
    return built.save()


@pytest.mark.parametrize("name", SCENES)
def test_a_death_at_any_line_loses_and_doubles_nothing(built: Town, name: str) -> None:
    stage, saved, clean = theatre(built, name), staged(built, SCENES[name]), Fate()
    for fate in (Fate(), clean):  # the first fills the caches of this interpreter
        stage.play(saved, fate)
        stage.survive(fate)
    database = built.engine.dialect.name
    for count in deaths(clean.points)[:: SCENES[name].every[database]]:
        fate = Fate(count)
        stage.play(saved, fate)
        assert fate.dead
        stage.survive(fate)

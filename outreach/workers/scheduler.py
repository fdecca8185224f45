"""The scheduler: APScheduler jobs that only look for work and enqueue it. Of several schedulers one leads."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from secrets import token_hex

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from outreach.domain.campaign import Campaign
from outreach.flow import promise_sweep, sweep
from outreach.flow.case_review import review_cases
from outreach.flow.clock import Clock
from outreach.flow.desk import Desk
from outreach.flow.enroll import enroll
from outreach.flow.isolating import TRANSIENT
from outreach.flow.outcome_delivery import to_deliver
from outreach.flow.outcomes import publish
from outreach.flow.plan_sweep import judge_due
from outreach.flow.provider_lists import tell_providers
from outreach.flow.release import release
from outreach.flow.sealing import seal
from outreach.flow.tasks import withdraw_moot
from outreach.flow.window import Window
from outreach.store import leases
from outreach.workers.actors import Actors
from outreach.workers.troubles import Trouble

log = logging.getLogger(__name__)

LEASE_NAME = "scheduler"
#: A leader that does not renew for so long is replaced.
LEASE = timedelta(seconds=5)
#: Seconds between two looks for what is due: the workers finish what is outstanding in a few of them.
DISPATCH_SECONDS = 0.25


class ClockTrigger(BaseTrigger):  # type: ignore[misc]
    """A cron trigger that goes by a clock's business time, so that a demonstration's fast days have all their runs."""

    def __init__(self, cron: CronTrigger, clock: Clock) -> None:
        self._cron, self._clock = cron, clock

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:  # noqa: ARG002
        """The machine time of the cron's next business time after now."""
        fire_at: datetime | None = self._cron.get_next_fire_time(None, self._clock.now() + timedelta(microseconds=1))
        return None if fire_at is None else self._clock.machine_at(fire_at)


class Leader:
    """Whether this scheduler leads. Correctness never hangs on it: every job is safe to run twice."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{token_hex(4)}"
        self.leads = False

    def renew(self) -> None:
        """Take or renew the lease."""
        machine_now = self._desk.clock.machine()
        with self._desk.engine.begin() as connection:
            led, self.leads = (
                self.leads,
                leases.hold(connection, LEASE_NAME, self._holder, machine_now, machine_now + LEASE),
            )
        if self.leads != led:
            log.info("this scheduler %s", "leads" if self.leads else "stands by")

    def resign(self) -> None:
        """Give the lease up; where the database is away, it runs out by itself."""
        self.leads = False
        with suppress(*TRANSIENT), self._desk.engine.begin() as connection:
            leases.drop(connection, LEASE_NAME, self._holder)


class Jobs:
    """What the jobs do: each looks for work through a flow and enqueues the ids that it finds."""

    def __init__(self, desk: Desk, actors: Actors) -> None:
        self._desk, self._actors = desk, actors
        self._windows = {channel: Window(most) for channel, most in sweep.OUTSTANDING.items()}

    def run_campaign(self, campaign: Campaign) -> None:
        """Enter new accounts, plan what is due, and enqueue it."""
        entered = enroll(self._desk.engine, campaign, self._desk.clock)
        released = release(self._desk, campaign.name)
        planned = {channel.value: len(ids) for channel, ids in released.planned.items()}
        if entered or planned or released.tasks:
            log.info("campaign %s: entered %d, planned %s, tasks %d", campaign.name, entered, planned, released.tasks)
        self.dispatch()

    def dispatch(self) -> None:
        """Enqueue planned notices whose time has come."""
        for channel, ids in sweep.to_dispatch(self._desk, self._windows).items():
            self._actors.send_notices(channel, ids)

    def take_back_lost(self) -> None:
        """Free what dead workers held."""
        taken_back = sweep.take_back_lost(self._desk)
        if taken_back:
            log.warning("took back %d notices whose worker was lost", taken_back)

    def set_strays_aside(self) -> None:
        """Set aside what no queue is for."""
        sweep.set_strays_aside(self._desk)

    def settle(self) -> None:
        """Enqueue webhook events that nobody settled in time."""
        self._actors.send_settle(sweep.to_settle(self._desk))

    def seal(self) -> None:
        """Seal what the tables say into the audit chain."""
        seal(self._desk.engine, self._desk.clock.now())

    def tell_outcomes(self) -> None:
        """Publish outcome events, and enqueue the endpoints that wait to be told some."""
        publish(self._desk.engine)
        self._actors.send_outcomes(to_deliver(self._desk.engine, self._desk.clock.machine()))

    def review_cases(self) -> None:
        """Give cases to people whose time to be looked at has come."""
        review_cases(self._desk.engine, self._desk.clock.now())

    def judge_plans(self) -> None:
        """Judge the payment plans that are due for a look."""
        judge_due(self._desk.engine, self._desk.clock)

    def judge_promises(self) -> None:
        """Judge the promises that are due for a look."""
        promise_sweep.judge_due(self._desk.engine, self._desk.clock)

    def tell_providers(self) -> None:
        """Tell the providers who stopped, and who starts again."""
        tell_providers(self._desk)

    def withdraw_tasks(self) -> None:
        """Close the tasks of people that a payment has settled."""
        withdraw_moot(self._desk.engine, self._desk.clock)

    def reconcile(self) -> None:
        """Enqueue the uncertain notices about which it is time to ask."""
        self._actors.send_reconcile(sweep.to_reconcile(self._desk))


def make_scheduler(desk: Desk, actors: Actors, campaigns: list[Campaign]) -> tuple[BackgroundScheduler, Leader]:
    """A scheduler with one job per campaign's cron and the sweeps, not started yet, and its leadership."""
    jobs, leader = Jobs(desk, actors), Leader(desk)
    scheduler = BackgroundScheduler(
        timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )

    database = Trouble("the database")

    def add(name: str, trigger: BaseTrigger, job: Callable[[], None], *, when_leading: bool = True) -> None:
        guarded = Guarded(name, job, database)

        def run() -> None:
            if leader.leads or not when_leading:
                guarded.run()

        scheduler.add_job(run, trigger, id=name)

    add("leader", IntervalTrigger(seconds=1), leader.renew, when_leading=False)
    add("dispatch", IntervalTrigger(seconds=DISPATCH_SECONDS), jobs.dispatch)
    add("take-back-lost", IntervalTrigger(seconds=1), jobs.take_back_lost)
    add("strays", IntervalTrigger(minutes=1), jobs.set_strays_aside)
    add("settle", IntervalTrigger(seconds=2), jobs.settle)
    add("reconcile", IntervalTrigger(seconds=5), jobs.reconcile)
    add("provider-lists", IntervalTrigger(seconds=15), jobs.tell_providers)
    add("seal", IntervalTrigger(seconds=5), jobs.seal)
    add("plans", IntervalTrigger(seconds=2), jobs.judge_plans)
    add("promises", IntervalTrigger(seconds=2), jobs.judge_promises)
    add("cases", IntervalTrigger(seconds=5), jobs.review_cases)
    add("tasks", IntervalTrigger(seconds=15), jobs.withdraw_tasks)
    add("outcomes", IntervalTrigger(seconds=1), jobs.tell_outcomes)
    for campaign in campaigns:
        cron = CronTrigger.from_crontab(campaign.runs, timezone=campaign.timezone)
        add(f"campaign {campaign.name}", ClockTrigger(cron, desk.clock), _bound(jobs, campaign))
    return scheduler, leader


def _bound(jobs: Jobs, campaign: Campaign) -> Callable[[], None]:
    return lambda: jobs.run_campaign(campaign)


class Guarded:
    """A job whose failure stops neither itself nor the others: its next run finds the same work again."""

    def __init__(self, name: str, job: Callable[[], None], database: Trouble) -> None:
        self._job, self._database, self._own = job, database, Trouble(f"job {name}")

    def run(self) -> None:
        """Run the job; say once what is wrong."""
        try:
            self._job()
        except TRANSIENT as error:
            self._database.noticed(error)
        except Exception as error:  # noqa: BLE001 (a scheduler that dies of one job's failure would run none)
            self._own.noticed(error, trace=True)
        else:
            self._database.over()
            self._own.over()

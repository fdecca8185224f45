"""The work queues: what is open, the next task of a queue, and one task with everything at hand to work it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from outreach.domain.disposition import Disposition
from outreach.domain.task import Queue, may_work
from outreach.flow import tasks as flow
from outreach.flow.calls import call_answer, call_answers
from outreach.flow.dispositions import end
from outreach.flow.tasks import Moment, Worker
from outreach.store import tasks as store
from outreach.store.dossier import dossier
from outreach.store.engine import reading
from outreach.store.tasks import PAGE_SIZE, Wanted
from outreach.store.timeline import account_timeline
from outreach.store.users import Role, User
from outreach.web.services import Services, WebServices
from outreach.web.session import Agent, Operator, OurForm, Viewer
from outreach.web.task_form import Choices, EndingForm, ending_of, instant
from outreach.web.view import page

router = APIRouter(prefix="/tasks", include_in_schema=False)
#: Entries of the account's timeline that a task shows.
RECENT = 12


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list shows; every link and form of the pages carries it on."""

    queue: str = ""
    language: str = ""
    mine: bool = False
    overdue: bool = False

    @property
    def query(self) -> str:
        """As the query of an address, without what is not set."""
        return urlencode({name: str(value).lower() for name, value in asdict(self).items() if value})


def _filters(queue: str = "", language: str = "", mine: str = "", overdue: str = "") -> Filters:
    known = queue if queue in set(Queue) else ""
    return Filters(known, language.strip().lower()[:8], mine == "true", overdue == "true")


def _carried(queue: Annotated[str, Form()] = "", language: Annotated[str, Form()] = "") -> Filters:
    return _filters(queue, language)


Chosen = Annotated[Filters, Depends(_filters)]
Carried = Annotated[Filters, Depends(_carried)]


@router.get("")
def tasks(
    request: Request, services: Services, user: Viewer, chosen: Chosen, after: str = "", none: str = ""
) -> Response:
    """The open tasks that fit, the most urgent first, a page at a time. `none`: nothing was there to take."""
    at = _moment(services)
    with reading(services.engine) as connection:
        found = store.find(connection, _wanted(chosen, user, after), at.now, at.machine, PAGE_SIZE + 1)
        answers = call_answers(connection, services.law, found[:PAGE_SIZE], at.now)
        counts = store.counts(connection, at.now)
        languages = store.languages(connection)
    last = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    values: dict[str, Any] = {"counts": counts, "languages": languages, "queues": list(Queue), "answers": answers}
    return page(
        request,
        "tasks.html",
        tasks=found[:PAGE_SIZE],
        after=f"{last.priority.value}~{last.due_at.isoformat()}~{last.id}" if last else "",
        chosen=chosen,
        nothing=bool(none),
        now=at.now,
        **values,
    )


@router.post("/next", dependencies=[OurForm])
def next_task(services: Services, user: Agent, chosen: Carried) -> Response:
    """Claim the first task of the queue and open it."""
    return _next(services, user, chosen)


@router.get("/{task_id}")
def task(request: Request, services: Services, user: Viewer, task_id: int, chosen: Chosen) -> Response:
    """One task with everything at hand."""
    at = _moment(services)
    with reading(services.engine) as connection:
        found = store.get(connection, task_id, at.machine)
        if found is None:
            raise HTTPException(404)
        account = dossier(connection, found.account_ref) if found.account_ref else None
        values: dict[str, Any] = {
            "reply": store.reply_of(connection, found.reply_id) if found.reply_id else None,
            "answer": call_answer(connection, services.law, found.account_id, at.now) if found.account_id else None,
            "recent": account_timeline(connection, found.account_ref, RECENT) if found.account_ref else [],
        }
    is_theirs = user.role.may(Role.AGENT) and may_work(found.queue, operator=user.role.may(Role.OPERATOR))
    values |= {"account": account, "choices": Choices.of(found, account), "is_theirs": is_theirs}
    return page(request, "task.html", task=found, chosen=chosen, now=at.now, **values)


@router.post("/{task_id}/claim", dependencies=[OurForm])
def claim(services: Services, user: Agent, task_id: int, chosen: Carried) -> Response:
    """Take this task, or keep it for longer."""
    flow.claim(services.engine, services.law, task_id, _worker(user), _moment(services))
    return _to(f"/tasks/{task_id}", chosen)


@router.post("/{task_id}/release", dependencies=[OurForm])
def release(services: Services, user: Agent, task_id: int, chosen: Carried) -> Response:
    """Put a task back into its queue."""
    flow.release(services.engine, task_id, _worker(user), _moment(services))
    return _to("/tasks", chosen)


@router.post("/{task_id}/assign", dependencies=[OurForm])
def assign(services: Services, user: Operator, task_id: int, to: Annotated[str, Form()], chosen: Carried) -> Response:
    """Give a task to somebody."""
    flow.assign(services.engine, task_id, to, _worker(user), _moment(services))
    return _to(f"/tasks/{task_id}", chosen)


@router.post("/{task_id}/put-off", dependencies=[OurForm])
def put_off(
    services: Services,
    user: Agent,
    task_id: int,
    until: Annotated[str, Form()],
    chosen: Carried,
    note: Annotated[str, Form()] = "",
) -> Response:
    """Let a task rest until a time."""
    flow.put_off(services.engine, task_id, instant(until, UTC), note.strip()[:1000], _worker(user), _moment(services))
    return _to("/tasks", chosen)


@router.post("/{task_id}/close", dependencies=[OurForm])
def close(
    services: Services,
    user: Agent,
    task_id: int,
    disposition: Annotated[Disposition, Form()],
    form: Annotated[EndingForm, Depends()],
    chosen: Carried,
    then: Annotated[str, Form()] = "",
) -> Response:
    """Record how work on a task ended, and go back to the queue or on to its next task."""
    at = _moment(services)
    with reading(services.engine) as connection:
        zone = store.zone_of(connection, task_id)
    end(services.engine, services.law, task_id, ending_of(disposition, form, zone), _worker(user), at)
    return _next(services, user, chosen) if then == "next" else _to("/tasks", chosen)


def _next(services: WebServices, user: User, chosen: Filters) -> Response:
    wanted = Wanted((chosen.queue,) if chosen.queue else (), chosen.language)
    claimed = flow.claim_next(services.engine, services.law, wanted, _worker(user), _moment(services))
    return _to("/tasks", chosen, none="true") if claimed is None else _to(f"/tasks/{claimed.task.id}", chosen)


def _wanted(chosen: Filters, user: User, after: str) -> Wanted:
    queues = (chosen.queue,) if chosen.queue else ()
    mine = user.email if chosen.mine else ""
    return Wanted(queues, chosen.language, mine, chosen.overdue, _place(after))


def _place(after: str) -> tuple[int, datetime, int] | None:
    """Where a page ended, as its link says it. Raises HTTPException for a link that is not ours."""
    if not after:
        return None
    try:
        priority, due_at, id_ = after.split("~")
        return int(priority), datetime.fromisoformat(due_at).astimezone(UTC), int(id_)
    except ValueError as error:
        raise HTTPException(404) from error


def _to(path: str, chosen: Filters, **more: str) -> Response:
    query = "&".join(part for part in (chosen.query, urlencode(more)) if part)
    return RedirectResponse(f"{path}?{query}" if query else path, status_code=303)


def _worker(user: User) -> Worker:
    return Worker(user.email, user.role)


def _moment(services: WebServices) -> Moment:
    return Moment(services.now(), services.machine_now())

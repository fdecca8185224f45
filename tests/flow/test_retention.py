"""Erasure: when no rule keeps it any longer, nothing of a debtor is left, and the audit chain still verifies."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, insert, select, update

from outreach.domain.account import HoldReason
from outreach.domain.campaign import AppliesTo
from outreach.domain.law import Law
from outreach.domain.policy import Applies, Retention
from outreach.flow.actions import Unknown
from outreach.flow.enroll import enroll
from outreach.flow.erasing import NotSealed, answer, erase_account, erase_due, preview
from outreach.flow.proof import check, proof
from outreach.flow.sealing import seal
from outreach.flow.verifying import Head, newest_head, verify
from outreach.store import debtors as debtor_store
from outreach.store.audit_sources import SOURCES
from outreach.store.outbox import contents, dead_letters, inbox, notice_events, notices, replies, tasks, timeline
from outreach.store.tables import accounts, contact_points, debtors
from tests import services
from tests.flow.house import NOON, House, campaign, house
from tests.flow.past import LAW, PHONE, enrolled, found, hold, lived, release, stop, years
from tests.law import pack

BY = "operator@lender.example"


def later(home: House, count: float) -> datetime:
    home.clock.at = NOON + years(count)
    return home.clock.now()


def erased(home: House, count: float, law: Law = LAW) -> int:
    return erase_due(home.engine, law, BY, later(home, count)).accounts.due


def test_nothing_of_the_debtor_is_left_but_what_a_rule_keeps_for_longer(home: House) -> None:
    lived(home)
    stop(home.engine, NOON)
    assert "contents" in found(home.engine)
    assert erased(home, 2.9) == 0
    assert erased(home, 3.1) == 1
    assert found(home.engine) == {"contact_points": {"value"}, "consents": {"value"}}
    assert erase_due(home.engine, LAW, BY, later(home, 4.9)).consents.due == 0
    assert erase_due(home.engine, LAW, BY, later(home, 5.1)).consents.due == 2
    assert found(home.engine) == {"contact_points": {"value"}}
    assert erase_due(home.engine, LAW, BY, later(home, 10.1)).opt_outs.due == 1
    assert found(home.engine) == {}
    assert verify(home.engine).findings == []
    assert preview(home.engine, LAW, later(home, 30)).accounts.due == 0


def test_what_is_kept_for_statistics_stays(home: House) -> None:
    account = lived(home)
    erased(home, 3.1)
    with home.engine.connect() as connection:
        row = connection.execute(select(accounts).where(accounts.c.id == account)).one()
        states = connection.scalars(select(notices.c.state)).all()
        decision = connection.scalars(select(notices.c.decision)).first()
        country = connection.scalars(select(debtors.c.country)).one()
        kinds = connection.execute(select(timeline.c.kind, timeline.c.actor).order_by(timeline.c.id.desc())).first()
        waiting = connection.scalars(select(func.count()).select_from(tasks).where(tasks.c.state == "open")).one()
    assert (row.ref, row.balance_minor, row.erased_at) == ("A-1", 12_345, NOON + years(3.1))
    assert states == ["sent"]
    assert decision["verdict"] == "clear"
    assert country == "US"
    assert kinds == ("erased", BY)
    assert waiting == 0
    assert enrolled(home.engine) == 0


def test_an_erased_database_verifies_and_says_how_many_rows_are_erased(home: House) -> None:
    lived(home)
    seal(home.engine, NOON)
    head = newest_head(home.engine)
    erased(home, 3.1)
    report = verify(home.engine, [head])
    assert report.findings == []
    assert report.erased > 5


def test_a_proof_taken_before_still_checks_and_one_taken_after_says_that_it_is_erased(home: House) -> None:
    lived(home)
    before = proof(home.engine, "A-1", BY, NOON)
    erased(home, 3.1)
    assert check(before) == []
    assert verify(home.engine, [Head.parse(before["head"])]).findings == []
    after = proof(home.engine, "A-1", BY, home.clock.now())
    assert check(after) == []
    assert before["erased_at"] is None
    assert after["erased_at"] == (NOON + years(3.1)).isoformat()
    after["records"]["replies"][0]["personal"]["text"] = "I will pay"
    assert [one.what for one in check(after)] == ["was erased, but says something"]


def test_a_word_written_into_an_erased_row_is_found(home: House) -> None:
    lived(home)
    erased(home, 3.1)
    personal = {name: source for name, source in SOURCES.items() if source.personal and name != "consents"}
    with home.engine.begin() as connection:
        for name, source in personal.items():
            value = {"secretword": 1} if name == "timeline" else "We wrote that."
            column = "text" if name == "contents" else source.personal[-1]
            connection.execute(update(source.table).values({column: value}))
    said = {one.row.split()[0] for one in verify(home.engine).findings if one.what == "was erased, but says something"}
    assert said == set(personal)


def test_a_fact_changed_after_erasure_and_an_erasure_that_nobody_tells_of_are_found(home: House) -> None:
    lived(home)
    erased(home, 3.1)
    with home.engine.begin() as connection:
        connection.execute(update(notice_events).values(code="30007"))
        connection.execute(update(timeline).where(timeline.c.kind == "erased").values(kind="imported"))
    what = " ".join(one.what for one in verify(home.engine).findings)
    assert "was changed" in what
    assert "does not tell of it" in what


def test_a_legal_hold_keeps_everything_until_it_ends(home: House) -> None:
    lived(home)
    placed = hold(home.engine, "A-1", HoldReason.LEGAL, NOON)
    whole = found(home.engine)
    assert erased(home, 20) == 0
    assert found(home.engine) == whole
    judged, left = answer(home.engine, LAW, "A-1", home.clock.now())
    assert judged is not None
    assert {one.reason for one in (judged.verdict, *(one.verdict for one in left))} == {"a legal hold keeps it"}
    release(home.engine, placed, home.clock.now())
    assert erased(home, 20.01) == 1


def test_a_legal_hold_on_one_account_keeps_the_name_of_the_debtor_of_both(home: House) -> None:
    lived(home)
    second = home.account("A-2", phone="", email="")
    with home.engine.begin() as connection:
        debtor = connection.scalars(select(accounts.c.debtor_id).where(accounts.c.ref == "A-1")).one()
        connection.execute(update(accounts).where(accounts.c.id == second).values(debtor_id=debtor))
    placed = hold(home.engine, "A-2", HoldReason.LEGAL, NOON)
    assert erased(home, 3.1) == 1
    left = found(home.engine)
    assert left["debtors"] == {"first_name", "last_name", "postal_code", "date_of_birth", "preferences"}
    assert "contents" not in left
    assert "replies" not in left
    release(home.engine, placed, home.clock.now())
    assert erased(home, 5.2) == 1
    assert found(home.engine) == {}
    assert verify(home.engine).findings == []


def test_the_longest_rule_of_the_debtors_places_wins(home: House) -> None:
    lived(home)
    six = Retention("SIX", "", ("sample",), record="activity", years=6)
    nine = Retention("NINE", "", ("sample",), record="activity", years=9)
    new_york = pack(six, name="ny", applies=Applies(states=frozenset({"US-NY"})))
    ohio = pack(nine, name="oh", applies=Applies(states=frozenset({"US-OH"})))
    law = Law((*LAW.packs, new_york, ohio))
    assert erased(home, 5.9, law) == 0
    judged, _ = answer(home.engine, law, "A-1", home.clock.now())
    assert judged is not None
    assert judged.verdict.rule == "ny/SIX"
    assert erased(home, 6.1, law) == 1


def test_where_nobody_knows_the_debtors_country_every_rule_counts(home: House) -> None:
    home.account(phone="", email="")
    with home.engine.begin() as connection:
        connection.execute(update(debtors).values(country="", region=""))
    nine = Retention("NINE", "", ("sample",), record="activity", years=9)
    law = Law((*LAW.packs, pack(nine, name="oh", applies=Applies(states=frozenset({"US-OH"})))))
    assert erased(home, 8.9, law) == 0
    assert erased(home, 9.1, law) == 1


def test_without_a_rule_nothing_is_ever_erased(home: House) -> None:
    lived(home)
    assert erased(home, 50, Law(())) == 0


def test_activity_of_any_kind_begins_the_time_anew(home: House) -> None:
    account = lived(home)
    with home.engine.begin() as connection:
        told = {"at": NOON + years(2), "kind": "promise", "data": {}}
        connection.execute(insert(timeline).values(account_id=account, **told))
    assert erased(home, 4.9) == 0
    assert erased(home, 5.1) == 1


def test_an_account_with_a_message_under_way_is_kept(home: House) -> None:
    lived(home)
    with home.engine.begin() as connection:
        connection.execute(update(notices).values(state="uncertain"))
    assert erased(home, 3.1) == 0
    judged, _ = answer(home.engine, LAW, "A-1", home.clock.now())
    assert judged is not None
    assert judged.verdict.reason == "messages are under way"


def test_an_opt_out_outlives_the_name_and_still_stops_whoever_gets_the_number(home: House) -> None:
    lived(home)
    stop(home.engine, NOON)
    erased(home, 3.1)
    home.account("A-9", phone=PHONE, email="")
    with home.engine.begin() as connection:
        newcomer = connection.scalars(select(accounts.c.debtor_id).where(accounts.c.ref == "A-9")).one()
        debtor_store.inherit_opt_outs(connection, [newcomer], home.clock.now())
        stopped = connection.scalars(
            select(contact_points.c.opted_out_at).where(contact_points.c.debtor_id == newcomer)
        ).one()
    assert stopped is not None


def test_an_erased_account_enters_no_campaign(home: House) -> None:
    home.account(phone="", email="")
    wanted = campaign(name="late", applies_to=AppliesTo(currencies=frozenset({"USD"})))
    erased(home, 3.1)
    enroll(home.engine, wanted, home.clock)
    assert enrolled(home.engine) == 0


def test_what_is_said_after_the_erasure_is_erased_in_its_own_time(home: House) -> None:
    account = lived(home)
    erased(home, 3.1)
    with home.engine.begin() as connection:
        told = {"at": NOON + years(4), "kind": "reply", "data": {"text": "secretword"}}
        connection.execute(insert(timeline).values(account_id=account, **told))
    erased(home, 6.9)
    assert found(home.engine, ["secretword"]) == {"timeline": {"data"}}
    assert erased(home, 7.2) == 1
    assert found(home.engine, ["secretword"]) == {}
    assert verify(home.engine).findings == []


def test_a_note_that_an_erased_account_is_told_of_is_erased_in_its_time(home: House) -> None:
    lived(home)
    erased(home, 6)
    hold(home.engine, "A-1", HoldReason.MANUAL, home.clock.now() + timedelta(days=1), note="secretword")
    assert erased(home, 8.9) == 0
    assert erased(home, 9.2) == 1
    assert found(home.engine) == {}
    assert verify(home.engine).findings == []


def test_what_is_not_sealed_is_not_erased(home: House) -> None:
    account = lived(home)
    seal(home.engine, NOON)
    with home.engine.begin() as connection:
        low = connection.scalars(select(func.min(timeline.c.id))).one()
        connection.execute(delete(timeline).where(timeline.c.id == low))
        slipped = {"id": low - 1, "at": NOON, "kind": "reply", "data": {"text": "secretword"}}
        connection.execute(insert(timeline).values(account_id=account, **slipped))
    whole = found(home.engine)
    with pytest.raises(NotSealed):
        erased(home, 3.1)
    assert found(home.engine) == whole


def test_replies_and_webhooks_of_nobody_go_with_the_longest_time_and_a_stop_with_that_of_opt_outs(home: House) -> None:
    with home.engine.begin() as connection:
        for number, said in enumerate(("", "stop")):
            hook = {"event_id": str(number), "kind": "inbound", "payload": {"Body": "secretword"}, "received_at": NOON}
            key = connection.scalars(insert(inbox).values(provider="twilio", **hook).returning(inbox.c.id)).one()
            answer = {"channel": "sms", "sender": PHONE, "text": "secretword", "intent": "unknown", "opt": said}
            connection.execute(insert(replies).values(inbox_id=key, at=NOON, **answer))
        hook = {"event_id": "9", "kind": "raw", "payload": {"Body": "secretword"}, "received_at": NOON}
        key = connection.scalars(insert(inbox).values(provider="lob", **hook).returning(inbox.c.id)).one()
        letter = {"kind": "garbled", "subject": str(key), "error": "none", "detail": "secretword"}
        connection.execute(insert(dead_letters).values(set_aside_at=NOON, **letter))
    assert preview(home.engine, LAW, later(home, 2.9)).strays == 0
    assert preview(home.engine, LAW, later(home, 3.1)).strays == 2
    assert erase_due(home.engine, LAW, BY, later(home, 3.1)).strays == 2
    assert found(home.engine) == {"replies": {"sender", "text"}, "inbox": {"payload"}}
    assert erase_due(home.engine, LAW, BY, later(home, 10.1)).strays == 1
    assert found(home.engine) == {}
    assert verify(home.engine).findings == []


def test_a_debtor_who_asks_is_told_until_when_and_by_which_rule_it_is_kept(home: House) -> None:
    lived(home)
    no = erase_account(home.engine, LAW, "A-1", BY, later(home, 1))
    assert (no.may_erase, no.kept_until) == (False, (NOON + timedelta(days=1096)).date())
    assert no.rule in {"house/KEEP-ACTIVITY", "us-federal/RF-32", "us-nyc/NYC-03-keep"}
    assert erase_account(home.engine, LAW, "A-1", BY, later(home, 3.1)).may_erase
    assert erase_account(home.engine, LAW, "A-1", BY, home.clock.now()).reason == "it was erased before"
    assert "contents" not in found(home.engine)
    with pytest.raises(Unknown):
        erase_account(home.engine, LAW, "A-7", BY, home.clock.now())


def test_the_last_day_is_the_debtors_own(home: House) -> None:
    """Noon in New York on 1 December; where it is still that day three years later, it is kept."""
    home.account(phone="", email="", zones=("Pacific/Honolulu", "Asia/Shanghai"))
    for at, due in ((datetime(2029, 12, 3, 9, 59, tzinfo=UTC), 0), (datetime(2029, 12, 3, 10, 0, tzinfo=UTC), 1)):
        assert preview(home.engine, LAW, at).accounts.due == due


def test_a_preview_changes_nothing_and_says_why_the_rest_is_kept(home: House) -> None:
    lived(home)
    home.account("A-2", phone="", email="")
    hold(home.engine, "A-2", HoldReason.LEGAL, NOON)
    whole = found(home.engine)
    totals = preview(home.engine, LAW, later(home, 3.1))
    assert (totals.accounts.due, totals.accounts.kept) == (1, {"a legal hold keeps it": 1})
    assert totals.accounts.oldest == NOON
    assert found(home.engine) == whole


def test_an_account_that_cannot_be_read_is_kept_and_stops_no_other(home: House) -> None:
    lived(home)
    bad = home.account("A-2", phone="", email="")
    with home.engine.begin() as connection:
        connection.execute(update(accounts).where(accounts.c.id == bad).values(terms={"role": "nonsense"}))
    totals = erase_due(home.engine, LAW, BY, later(home, 3.1))
    assert (totals.accounts.due, totals.unreadable) == (1, 1)


def test_two_runs_at_once_erase_each_account_once(servers: services.Servers) -> None:
    with services.database(servers) as url, house(url) as home, ThreadPoolExecutor(2) as pool:
        for number in range(6):
            lived(home, f"A-{number}")
        seal(home.engine, NOON)
        now = later(home, 3.1)
        runs = [pool.submit(erase_due, home.engine, LAW, BY, now) for _ in range(2)]
        assert sum(run.result().accounts.due for run in runs) == 6
        with home.engine.connect() as connection:
            told = select(func.count()).select_from(timeline).where(timeline.c.kind == "erased")
            assert connection.scalars(told).one() == 6
            assert connection.scalars(select(func.count()).select_from(contents)).one() == 12
        assert verify(home.engine).findings == []

"""Consents, terms and preferences from a file: taken as stated, kept when left out, refused when they are no proof."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from outreach.domain.account import Facts
from outreach.domain.message import Channel
from outreach.domain.standing import Basis, CollectorRole, ConsentScope, DebtKind, Medium, Place
from outreach.flow.importing import import_accounts
from outreach.store.facts import Subject, load_facts
from outreach.store.standing_tables import consents
from outreach.store.tables import contact_points, debtors
from tests.importing.files import HEADER, NOW, ROW, numbers, state, write

STATED = {
    "collector_role": "third_party",
    "debt_kind": "medical",
    "made_on": "2024-05-01",
    "sol_expires_on": "2030-05-01",
    "first_contact_at": "2026-11-01",
    "licences": "us-ca; US-NY",
    "validation_provided_at": "2026-11-02T10:00:00-05:00",
    "validation_ends_on": "2026-12-07",
    "phone_place": "mobile",
    "phone_consent_at": "2026-10-01",
    "phone_consent_source": "web form",
    "phone_consent_wording": "You may text me.",
    "email_basis": "creditor_notice",
    "email_consent_at": "2026-10-02T12:00:00Z",
    "email_consent_source": "contract",
    "email_consent_wording": "",
    "email_notice_sent_on": "2026-10-03",
    "email_notice_deadline": "2026-11-07",
    "email_employer_provided": "no",
    "preferred_hours_from": "10:00",
    "preferred_hours_to": "16:30",
    "media_off": "call;letter",
}


def row(base: str = ROW, **cells: str) -> str:
    return ",".join([base, *cells.values()])


def header(*columns: str) -> str:
    return ",".join([HEADER, *columns])


def bring(engine: Engine, tmp_path: Path, *rows: str, **cells: str) -> tuple[int, ...]:
    """Import rows to which `cells` are added, and say what became of them."""
    path = write(tmp_path, *(row(one, **cells) for one in rows or (ROW,)), header=header(*cells))
    return numbers(import_accounts(engine, path, NOW))


def facts(engine: Engine) -> Facts:
    with engine.connect() as connection:
        return load_facts(connection, [Subject(1, 1, 0, 1)], NOW)[1]


@pytest.fixture
def stated(engine: Engine, tmp_path: Path) -> Engine:
    """A database with an account of which everything is stated."""
    assert bring(engine, tmp_path, **STATED) == (1, 0, 0, 0)
    return engine


def test_terms_are_facts_of_the_account(stated: Engine) -> None:
    terms = facts(stated).account.terms
    assert (terms.role, terms.debt) == (CollectorRole.THIRD_PARTY, DebtKind.MEDICAL)
    assert (terms.made_on, terms.sol_expires_on) == (date(2024, 5, 1), date(2030, 5, 1))
    assert terms.first_contact_at == datetime(2026, 11, 1, tzinfo=UTC)
    assert terms.licences == {"US-CA", "US-NY"}
    assert terms.validation is not None
    assert terms.validation.provided_at == datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
    assert terms.validation.ends_on == date(2026, 12, 7)


def test_consents_and_standing_are_facts_of_the_address(stated: Engine) -> None:
    (phone,), (mail,) = (facts(stated).debtor.points(kind) for kind in (Channel.SMS, Channel.EMAIL))
    (consent,) = phone.standing.consents
    assert (consent.scope, consent.given_at) == (ConsentScope.SERVICING, datetime(2026, 10, 1, tzinfo=UTC))
    assert (consent.source, consent.wording, phone.standing.place) == ("web form", "You may text me.", Place.MOBILE)
    assert [one.source for one in mail.standing.consents] == ["contract"]
    assert (mail.standing.basis, mail.standing.employer_provided) == (Basis.CREDITOR_NOTICE, False)
    assert (mail.standing.notice_sent_on, mail.standing.notice_deadline) == (date(2026, 10, 3), date(2026, 11, 7))


def test_preferences_are_facts_of_the_debtor(stated: Engine) -> None:
    preferences = facts(stated).debtor.preferences
    assert preferences.media_off == {Medium.CALL, Medium.LETTER}
    (hours,) = preferences.hours
    assert (hours.opens, hours.closes, len(hours.days)) == (time(10), time(16, 30), 7)


def test_importing_it_twice_changes_nothing(stated: Engine, tmp_path: Path) -> None:
    before = state(stated), facts(stated)
    assert bring(stated, tmp_path, **STATED) == (0, 0, 1, 0)
    assert (state(stated), facts(stated)) == before


@pytest.mark.parametrize("cells", [{}, dict.fromkeys(STATED, "")], ids=["no columns", "empty cells"])
def test_a_row_that_leaves_it_out_changes_nothing_of_it(stated: Engine, tmp_path: Path, cells: dict[str, str]) -> None:
    before = facts(stated)
    assert bring(stated, tmp_path, **cells) == (0, 0, 1, 0)
    assert facts(stated) == before


def test_a_later_file_changes_only_what_it_states(stated: Engine, tmp_path: Path) -> None:
    before = facts(stated)
    assert bring(stated, tmp_path, collector_role="debt_buyer", media_off="none") == (0, 1, 0, 0)
    after = facts(stated)
    assert (after.account.terms.role, after.account.terms.debt) == (CollectorRole.DEBT_BUYER, DebtKind.MEDICAL)
    assert after.debtor.preferences.media_off == frozenset()
    assert after.debtor.preferences.hours == before.debtor.preferences.hours
    assert after.version > before.version


def test_a_new_consent_is_added_to_the_old_ones(stated: Engine, tmp_path: Path) -> None:
    later = {name: STATED[name] for name in ("phone_consent_source", "phone_consent_wording")}
    assert bring(stated, tmp_path, phone_consent_at="2026-11-20", **later) == (0, 1, 0, 0)
    assert len(facts(stated).debtor.points(Channel.SMS)[0].standing.consents) == 2


def test_a_consent_from_before_the_number_stopped_is_recorded_as_revoked(engine: Engine, tmp_path: Path) -> None:
    import_accounts(engine, write(tmp_path, ROW), NOW)
    with engine.begin() as connection:
        connection.execute(update(contact_points).values(opted_out_at=NOW, opt_out_source="reply"))
    bring(engine, tmp_path, phone_consent_at="2026-10-01", phone_consent_source="web form")
    with engine.connect() as connection:
        kept = connection.execute(select(consents.c.revoked_at, consents.c.revoked_how)).one()
    assert tuple(kept) == (NOW, "reply")


def test_a_second_item_that_says_nothing_of_it_contradicts_nothing(engine: Engine, tmp_path: Path) -> None:
    cells = {"collector_role": "third_party", "media_off": "call"}
    path = write(
        tmp_path,
        row(**cells),
        row(ROW.replace("I-1", "I-2"), **dict.fromkeys(cells, "")),
        row(ROW.replace("I-1", "I-3"), collector_role="first_party", media_off="email"),
        header=header(*cells),
    )
    report = import_accounts(engine, path, NOW)
    assert numbers(report) == (3, 0, 0, 0)
    assert [(problem.line, problem.field) for problem in report.problems] == [(4, "debtor_ref"), (4, "account_ref")]
    assert facts(engine).account.terms.role is CollectorRole.THIRD_PARTY


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"collector_role": "collector"}, "collector_role"),
        ({"debt_kind": "gambling"}, "debt_kind"),
        ({"made_on": "01/05/2024"}, "made_on"),
        ({"sol_expires_on": "soon"}, "sol_expires_on"),
        ({"first_contact_at": "2026-11-01T10:00:00"}, "first_contact_at"),
        ({"validation_provided_at": "yes"}, "validation_provided_at"),
        ({"validation_ends_on": "2026-12-07"}, "validation_ends_on"),
        ({"validation_provided_at": "2026-12-07", "validation_ends_on": "2026-12-01"}, "validation_ends_on"),
        ({"licences": "California"}, "licences"),
        ({"phone_place": "beach"}, "phone_place"),
        ({"phone_consent_at": "2026-10-01"}, "phone_consent_source"),
        ({"phone_consent_source": "web form"}, "phone_consent_at"),
        ({"phone_consent_at": "today", "phone_consent_source": "web form"}, "phone_consent_at"),
        ({"email_basis": "because"}, "email_basis"),
        ({"email_employer_provided": "perhaps"}, "email_employer_provided"),
        ({"email_notice_deadline": "2026-13-01"}, "email_notice_deadline"),
        ({"preferred_hours_from": "10:00"}, "preferred_hours_to"),
        ({"preferred_hours_from": "10:00", "preferred_hours_to": "9:00"}, "preferred_hours_to"),
        ({"preferred_hours_from": "10:00", "preferred_hours_to": "09:00"}, "preferred_hours_to"),
        ({"media_off": "fax"}, "media_off"),
    ],
)
def test_what_is_no_proof_refuses_the_row_with_line_field_and_remedy(
    engine: Engine, tmp_path: Path, cells: dict[str, str], field: str
) -> None:
    report = import_accounts(engine, write(tmp_path, row(**cells), header=header(*cells)), NOW)
    assert numbers(report) == (0, 0, 0, 1)
    (problem,) = report.problems
    assert (problem.line, problem.field) == (2, field)
    assert problem.remedy
    with engine.connect() as connection:
        assert connection.execute(select(debtors)).first() is None


def test_a_consent_for_a_number_that_the_row_does_not_have_refuses_it(engine: Engine, tmp_path: Path) -> None:
    cells = {"phone_consent_at": "2026-10-01", "phone_consent_source": "web form"}
    path = write(tmp_path, row(ROW.replace("+12125550142", ""), **cells), header=header(*cells))
    report = import_accounts(engine, path, NOW)
    assert report.rejected == 1
    assert report.problems[0].field == "phone_consent_at"


def test_a_consent_for_a_number_that_cannot_be_used_is_left_out_with_it(engine: Engine, tmp_path: Path) -> None:
    cells = {"phone_consent_at": "2026-10-01", "phone_consent_source": "web form"}
    path = write(tmp_path, row(ROW.replace("+12125550142", "12"), **cells), header=header(*cells))
    assert numbers(import_accounts(engine, path, NOW)) == (1, 0, 0, 0)
    with engine.connect() as connection:
        assert connection.execute(select(consents)).first() is None

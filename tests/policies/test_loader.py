"""What pack files mean, and how their versions follow one another."""

from __future__ import annotations

from datetime import date, time

import pytest

from outreach.domain.campaign import SendWindow
from outreach.domain.closed_days import ClosedDays, Named
from outreach.domain.policy import Applies, CapScope, Counts, Hours, OnHit, Status, When
from outreach.domain.standing import Basis, CollectorRole, ConsentScope, Medium, Purpose
from outreach.policies import BadPacks, built_in, load_packs
from outreach.policies.loader import load_directories
from tests.policies.packs import GOOD, changed, loaded, only_problem, write

FIRST = changed(('effective_from: "2021-11-30"', 'effective_from: "2021-11-30"\neffective_to: "2026-09-01"'))
SECOND = changed(('"2026.1"', '"2026.2"'), ('"2021-11-30"', '"2026-09-01"'))


def rules(directory):
    [pack] = loaded(directory, GOOD).all()
    return {rule.id: rule for rule in pack.rules}


def test_the_packs_that_come_with_the_program_are_right():
    assert [str(problem) for problem in load_packs().problems] == []
    assert "house" in {pack.id for pack in built_in()}


def test_a_pack_says_whom_it_concerns_and_when(tmp_path):
    [pack] = loaded(tmp_path, GOOD).all()
    assert (pack.name, pack.status, pack.effective_from, pack.effective_to) == (
        *("us-sample@2026.1", Status.SECONDARY),
        *(date(2021, 11, 30), None),
    )
    assert pack.applies == Applies(
        countries=frozenset({"US"}),
        states=frozenset({"US-NY"}),
        postal_codes=("US:104",),
        area_codes=frozenset({"212"}),
        roles=frozenset({CollectorRole.THIRD_PARTY}),
    )


def test_hours_have_windows_in_which_holidays_are_days_like_others(tmp_path):
    assert rules(tmp_path)["SA-01"] == Hours(
        id="SA-01",
        note="Between 8 in the morning and 9 in the evening",
        sources=("12 CFR 1006.6(b)(1)(i)",),
        when=When(media=frozenset({Medium.SMS, Medium.EMAIL, Medium.CALL})),
        except_purposes=frozenset({Purpose.OPT_OUT_CONFIRMATION}),
        on_hit=OnHit.DEFER,
        status=Status.SECONDARY,
        windows=(
            SendWindow(frozenset(range(1, 7)), time(8), time(21), holidays=True),
            SendWindow(frozenset({7}), time(12), time.max, holidays=False),
        ),
    )


def test_every_kind_of_rule_has_its_own_values(tmp_path):
    found = rules(tmp_path)
    named = Named("CN", "Chinese New Year", -1, 2)
    assert found["SA-02"].closed == ClosedDays("CA-QC", ("06-24", "easter+1"), (named,))
    cap = found["SA-03"]
    assert (cap.scope, cap.counts, cap.counted, cap.limit, cap.days, cap.hours) == (
        *(CapScope.ACCOUNT, Counts.ATTEMPTS, {Medium.CALL}),
        *(7, 7, 0),
    )
    consent = found["SA-04"]
    assert (consent.need, consent.scope, consent.basis, consent.valid_days) == (
        *("consent", ConsentScope.SERVICING),
        *({Basis.DIRECT_CONSENT}, 540),
    )
    assert (found["SA-05"].texts, found["SA-05"].shown_by) == ({"en": "A debt.", "*": "A debt!"}, {"en": (r"\bdebt",)})
    assert found["SA-06"].employer_provided is True
    assert found["SA-07"].days == 60
    assert found["SA-08"].reasons == {"dispute"}
    assert (found["SA-09"].words, found["SA-09"].parts) == ({"en": (r"\barrest",), "*": ("police",)}, {"body"})
    assert (found["SA-10"].record, found["SA-10"].years) == ("activity", 3)


def test_what_a_broken_rule_does_follows_from_its_kind_unless_it_says_so(tmp_path):
    assert {id_: rule.on_hit for id_, rule in rules(tmp_path).items()} == {
        **dict.fromkeys(("SA-01", "SA-02", "SA-03"), OnHit.DEFER),
        **dict.fromkeys(("SA-04", "SA-05", "SA-06", "SA-10"), OnHit.SUPPRESS),
        **dict.fromkeys(("SA-07", "SA-08", "SA-09"), OnHit.ROUTE),
    }


def test_a_rule_is_as_sure_as_its_pack_unless_it_says_so(tmp_path):
    text = changed(("status: secondary", "status: verified"), ("kind: recency", "kind: recency, status: unverified"))
    [pack] = loaded(tmp_path, text).all()
    assert {rule.id: rule.status for rule in pack.rules if rule.id in {"SA-07", "SA-08"}} == {
        "SA-07": Status.UNVERIFIED,
        "SA-08": Status.VERIFIED,
    }


def test_versions_that_follow_one_another_day_by_day_are_right(tmp_path):
    packs = loaded(tmp_path, SECOND, FIRST).all()
    assert [pack.name for pack in packs] == ["us-sample@2026.1", "us-sample@2026.2"]


def test_a_day_with_two_versions_is_refused(tmp_path):
    found = only_problem(tmp_path, GOOD, SECOND)
    assert (found.file, found.line, found.field) == (str(tmp_path / "us-sample@2026.2.yaml"), 5, "effective_from")
    assert found.message == "us-sample@2026.2 and us-sample@2026.1 are both in force from 2026-09-01"
    assert found.remedy == f'Give {tmp_path / "us-sample@2026.1.yaml"} `effective_to: "2026-09-01"`'


def test_a_day_without_a_version_between_two_is_refused(tmp_path):
    found = only_problem(tmp_path, changed(('"2026-09-01"', '"2026-08-31"'), text=FIRST), SECOND)
    assert (found.line, found.field) == (5, "effective_from")
    assert found.message == "no version of `us-sample` is in force from 2026-08-31 to 2026-09-01"


def test_what_is_only_proposed_may_lie_beside_what_is_in_force(tmp_path):
    later = changed(("status: secondary", "status: proposed"), text=SECOND)
    first, proposed = loaded(tmp_path, GOOD, later).all()
    assert (first.in_force(date(2026, 11, 24)), proposed.in_force(date(2026, 11, 24))) == (True, False)


def test_a_house_ends_a_version_by_a_file_of_the_same_name(tmp_path):
    ours = write(tmp_path / "ours", FIRST, SECOND)
    packs = load_directories(write(tmp_path / "theirs", GOOD), ours).all()
    assert [pack.effective_to for pack in packs] == [date(2026, 9, 1), None]


def test_a_file_in_the_place_of_another_asks_as_much_or_is_verified(tmp_path):
    ours = write(tmp_path / "ours", changed(("kind: cap", "kind: cap, status: unverified"), ("limit: 7", "limit: 8")))
    [found] = load_directories(write(tmp_path / "theirs", GOOD), ours).problems
    assert found.message == "the unverified rule `SA-03` asks less than in us-sample@2026.1: limit"


def test_a_mistake_leaves_no_law_rather_than_a_part_of_it(tmp_path):
    result = loaded(tmp_path, changed(("kind: cap", "kind: cup")))
    assert result.packs == ()
    with pytest.raises(BadPacks, match="the kind `cup` is not known"):
        result.all()


def test_a_directory_that_is_not_there_is_named(tmp_path):
    [found] = load_directories(tmp_path / "nowhere").problems
    assert (found.file, found.message) == (str(tmp_path / "nowhere"), "there is no such directory")


def test_a_file_with_another_ending_is_not_silently_left_out(tmp_path):
    (tmp_path / "us-sample@2026.1.yml").write_text(GOOD, "utf-8")
    [found] = load_directories(tmp_path).problems
    assert (found.message, found.remedy) == ("the file is not read", "Rename it to end in .yaml")

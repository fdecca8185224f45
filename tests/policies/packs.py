"""A good pack, and ways to write others beside it."""

from __future__ import annotations

from pathlib import Path

from outreach.documents.problem import Problem
from outreach.policies.loader import LoadedPacks, load_directories

GOOD = """\
pack: us-sample
version: "2026.1"
title: A sample of every kind of rule
status: secondary
effective_from: "2021-11-30"
applies: {countries: [US], states: [US-NY], postal_codes: ["US:104"], area_codes: ["212"], roles: [third_party]}
rules:
  - id: SA-01
    kind: hours
    note: Between 8 in the morning and 9 in the evening
    sources: ["12 CFR 1006.6(b)(1)(i)"]
    when: {media: [sms, email, call]}
    except_purposes: [opt_out_confirmation]
    windows: [{days: mon-sat, from: "08:00", to: "21:00"}, {days: sun, from: "12:00", to: "24:00", holidays: false}]
  - {id: SA-02, kind: calendar, note: No holidays, sources: [A], holidays: CA-QC, extra: ["06-24", easter+1],
     named: [{country: CN, name: Chinese New Year, first: -1, last: 2}]}
  - {id: SA-03, kind: cap, note: Seven in seven, sources: [A], when: {media: [call]}, scope: account, limit: 7, days: 7}
  - {id: SA-04, kind: require, note: Consent, sources: [A], need: consent, basis: [direct_consent], valid_days: 540}
  - {id: SA-05, kind: require, note: Say who calls, sources: [A], need: text, texts: {en: A debt., "*": A debt!},
     shown_by: {en: ['\\bdebt']}}
  - {id: SA-06, kind: forbid, note: Not at work, sources: [A], when: {media: [email]}, employer_provided: true}
  - {id: SA-07, kind: recency, note: A fresh number, sources: [A], days: 60}
  - {id: SA-08, kind: hold, note: Disputed, sources: [A], reasons: [dispute], on_hit: route}
  - {id: SA-09, kind: lint, note: No threats, sources: [A], parts: [body],
     words: {en: ['\\barrest'], "*": [police]}}
  - {id: SA-10, kind: retention, note: Three years, sources: [A], record: activity, years: 3}
"""


def changed(*changes: tuple[str, str], text: str = GOOD) -> str:
    """The good pack with some of its text, each there once, in other words."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def write(directory: Path, *texts: str) -> Path:
    """The directory with a file for each pack, named as it must be."""
    directory.mkdir(exist_ok=True)
    for text in texts:
        pack, version = (text.split(f"{key}: ", 1)[1].splitlines()[0].strip('"') for key in ("pack", "version"))
        (directory / f"{pack}@{version}.yaml").write_text(text, "utf-8")
    return directory


def loaded(directory: Path, *texts: str) -> LoadedPacks:
    """What the loader gives for some packs alone."""
    return load_directories(write(directory, *texts))


def only_problem(directory: Path, *texts: str) -> Problem:
    """The one mistake in some packs."""
    problems = loaded(directory, *texts).problems
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]

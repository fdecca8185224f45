"""Encoding and segments of texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.message import SmsEncoding
from outreach.rendering.sms import GSM7_BASIC, GSM7_EXTENSION, measure, plain

basic = st.sampled_from(sorted(GSM7_BASIC))
extension = st.sampled_from(sorted(GSM7_EXTENSION))
gsm7 = st.text(st.one_of(basic, extension), max_size=700)


def septets(text: str) -> int:
    return len(text) + sum(character in GSM7_EXTENSION for character in text)


def test_the_default_alphabet_has_127_characters_and_an_escape() -> None:
    assert len(GSM7_BASIC) == 127
    assert len(GSM7_EXTENSION) == 10


@pytest.mark.parametrize(
    ("length", "segments"), [(0, 1), (1, 1), (160, 1), (161, 2), (306, 2), (307, 3), (459, 3), (460, 4)]
)
def test_gsm7_takes_160_alone_and_153_joined(length: int, segments: int) -> None:
    sms = measure("a" * length)
    assert (sms.encoding, sms.segments) == (SmsEncoding.GSM7, segments)


@pytest.mark.parametrize(("length", "segments"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_ucs2_takes_70_alone_and_67_joined(length: int, segments: int) -> None:
    sms = measure("款" * length)
    assert (sms.encoding, sms.segments) == (SmsEncoding.UCS2, segments)


def test_an_extension_character_takes_two_septets() -> None:
    assert measure("€" * 80).segments == 1
    assert measure("€" * 80 + "a").segments == 2


def test_an_extension_character_is_never_split_between_segments() -> None:
    text = "a" * 152 + "€" + "a" * 152
    assert septets(text) == 2 * 153
    assert measure(text).segments == 3


def test_a_surrogate_pair_is_never_split_between_segments() -> None:
    text = "款" * 66 + "\U00020000" + "款" * 66
    assert len(text.encode("utf-16-be")) // 2 == 2 * 67
    assert measure(text).segments == 3


@given(gsm7)
def test_segments_lie_between_full_ones_and_those_with_one_septet_unused(text: str) -> None:
    sms, units = measure(text), septets(text)
    assert sms.encoding is SmsEncoding.GSM7
    if units <= 160:
        assert sms.segments == 1
    else:
        assert -(-units // 153) <= sms.segments <= -(-units // 152)


@given(gsm7, st.characters(exclude_characters=sorted(GSM7_BASIC | GSM7_EXTENSION), exclude_categories=["Cs"]))
def test_one_foreign_character_turns_the_whole_text_into_ucs2_and_is_named(text: str, foreign: str) -> None:
    sms = measure(text + foreign)
    assert sms.encoding is SmsEncoding.UCS2
    assert sms.forces_ucs2 == (foreign,)


@given(st.text(max_size=300))
def test_a_longer_text_never_takes_fewer_segments(text: str) -> None:
    assert measure(text + "a").segments >= measure(text).segments


def test_typographic_characters_become_plain_when_that_saves_ucs2() -> None:
    assert plain("1.234,50\u00a0€ \u2013 \u201cgracias\u201d\u2026") == '1.234,50 € - "gracias"...'


def test_a_text_that_needs_ucs2_anyway_keeps_its_typography() -> None:
    assert plain("请回复“退订”…") == "请回复“退订”…"

"""What a message may say and must say: words that no writing hides, amounts of the ledger, and mandatory texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.folding import fold, pattern
from outreach.domain.money import Money
from outreach.domain.policy import Lint, Need, Require
from outreach.domain.screening import screen
from outreach.domain.wording import Text, lint, missing
from outreach.policies import built_in

THREATS = Lint(
    "RF-16",
    "No threats",
    ("12 CFR 1006.18",),
    words={
        "en": (r"\barrest", r"\b(?:jail|prison)\b", r"\bsue you\b", r"\blegal action", r"\bgarnish\w*"),
        "es": (r"\bcárcel\b", r"\bacción\s+legal"),
        "zh": ("坐牢", "法院"),
        "*": (r"\b\d{3}-\d{2}-\d{4}\b",),
    },
)
SUBJECT = Lint(
    "EM-07", "No debt in a subject", ("15 USC 1692f(8)",), words={"en": (r"\bdebt\b",)}, parts=frozenset({"subject"})
)
LEDGER = Lint("RF-36", "Only amounts of the ledger", ("12 CFR 1006.22(b)",), amounts=True)
DISCLOSURE = Require(
    "RF-18",
    "Say that a debt collector writes",
    ("12 CFR 1006.18(e)(2)",),
    need=Need.TEXT,
    texts={
        "en": "This communication is from a debt collector.",
        "es": "Esta comunicación es de un cobrador de deudas.",
    },
    shown_by={"en": (r"\bfrom a debt collector\b",)},
)
OWED = frozenset({Money(123_450, "USD"), Money(82_500, "USD")})
EUROS = frozenset({Money(123_450, "EUR")})
YUAN = frozenset({Money(123_450, "CNY")})
FORBIDDEN = [
    ("en", "arrest"),
    ("en", "jail"),
    ("en", "sue you"),
    ("en", "legal action"),
    ("es", "cárcel"),
    ("zh", "坐牢"),
]
PATTERNS = sorted(
    {
        regex
        for pack in built_in()
        for rule in pack.rules
        if isinstance(rule, Lint)
        for regexes in rule.words.values()
        for regex in regexes
    }
)
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\ufe0f\u202e"


def text(body: str, language: str = "en", subject: str = "") -> Text:
    return Text(subject, body, language)


def words(body: str, language: str = "en") -> list[str]:
    return [word for _, found in lint([THREATS], text(body, language), frozenset()) for word in found]


def amounts(body: str, language: str, owed: frozenset[Money]) -> list[str]:
    return [word for _, found in lint([LEDGER], text(body, language), owed) for word in found]


def test_a_forbidden_word_is_found_with_its_rule() -> None:
    assert lint([SUBJECT, THREATS], text("You will be arrested Friday"), OWED) == [(THREATS, ("arrest",))]


def test_a_plain_message_breaks_no_rule() -> None:
    body = "Hi Sue, your client account is past due. Reply STOP to opt out."
    assert lint([THREATS, SUBJECT, LEDGER], text(body, subject="Your account"), OWED) == []


@pytest.mark.parametrize(
    "body",
    [
        "A R R E S T",
        "a.r.r.e.s.t",
        "a-r-r-e-s-t",
        "\uff21\uff52\uff52\uff45\uff53\uff54",
        "arr\u00adest",
        "Arre\u0301st",
        "you'll be\narrested",
        "we will sue\u00a0 you",
        "legal\u2011action",
        "garnishment",
    ],
)
def test_no_way_of_writing_hides_a_word(body: str) -> None:
    assert words(body)


@pytest.mark.parametrize("body", ["a la carcel", "A LA CÁRCEL", "acción  legal", "ACCION LEGAL", "accio\u0301n legal"])
def test_an_accent_that_is_left_out_hides_nothing(body: str) -> None:
    assert words(body, "es")


@given(forbidden=st.sampled_from(FORBIDDEN), data=st.data())
def test_inserting_spaces_invisible_characters_or_capitals_never_hides_a_word(
    forbidden: tuple[str, str], data: st.DataObject
) -> None:
    language, word = forbidden
    between = st.text(alphabet=" \u00a0\n" + INVISIBLE, max_size=4)
    hidden = "".join(
        (letter.upper() if data.draw(st.booleans()) else letter) + (data.draw(between) if at + 1 < len(word) else "")
        for at, letter in enumerate(word)
    )
    assert words(f"Please note: {hidden}, says nobody", language)


@given(st.text(max_size=200), st.sampled_from(["en", "es", "zh", "de", "zh-Hans-CN", ""]))
def test_any_text_can_be_held_against_the_rules(body: str, language: str) -> None:
    lint([THREATS, SUBJECT, LEDGER], text(body, language, body), OWED)
    missing([DISCLOSURE], text(body, language))


@given(st.data())
def test_the_first_look_passes_over_nothing_that_a_built_in_rule_forbids(data: st.DataObject) -> None:
    regex = data.draw(st.sampled_from(PATTERNS))
    folded = fold(data.draw(st.from_regex(pattern(regex))))
    if pattern(regex).search(folded):
        assert any(one.search(folded) for one in screen(tuple(PATTERNS)))
        assert any(one.search(folded) for one in screen((regex,)))


@pytest.mark.parametrize(
    ("regex", "said"),
    [
        (r"\barrest(s|ed)?\b(?! or by)", "no threats of arrest or by using words"),
        (r"\battorneys?\b(?! general)", "the attorney general"),
        (r"\b[^\W\d]+[ -]+[^\W\d]+,", "Hello Dana. 5,"),
        (r"\b\d{3}-\d{2}-\d{4}\b", "12 3-45-6789"),
        (r"\blien\b", "client"),
    ],
)
def test_a_gap_between_letters_reaches_no_further_than_the_word(regex: str, said: str) -> None:
    rule = Lint("X", "x", ("x",), words={"*": (regex,)})
    assert lint([rule], text(said), OWED) == []


def test_words_count_in_the_language_of_the_message_only() -> None:
    assert words("The jail museum of embargo", "es") == []
    assert words("坐牢", "zh-Hans-CN") == ["坐牢"]
    assert words("坐牢", "en") == []


def test_words_of_any_language_count_in_every_language() -> None:
    assert [words("SSN 123-45-6789", language) for language in ("en", "es", "zh", "de")] == [["123-45-6789"]] * 4


def test_a_rule_on_subjects_leaves_the_body_alone() -> None:
    assert lint([SUBJECT], text("your debt", subject="Your account"), OWED) == []
    assert lint([SUBJECT], text("", subject="Your DEBT"), OWED) == [(SUBJECT, ("debt",))]


@pytest.mark.parametrize(
    ("body", "language", "owed"),
    [
        ("Balance $1,234.50 was due on Feb 1, 2026, item INV-1042 $825.00.", "en", OWED),
        ("US$1,234.50, USD 1,234.50, 1234.50 dollars, $ 825", "en", OWED),
        ("Consta pendiente un pago de 1.234,50\u00a0€ del 1 feb 2026", "es", EUROS),
        ("pendiente $1,234.50 o 825.00 dólares", "es-US", OWED),
        ("vous devez 1\u202f234,50\u00a0€", "fr", EUROS),
        ("¥1,234.50可分3期支付，首期¥1,234.50，2026年4月15日前付，共1234.5元", "zh", YUAN),
        ("¥123", "en", frozenset({Money(123, "JPY")})),
        ("1,234.500 KWD", "en", frozenset({Money(1_234_500, "KWD")})),
        ("₹1,23,456.00 or Rs. 123456", "en", frozenset({Money(12_345_600, "INR")})),
    ],
)
def test_an_amount_of_the_ledger_may_stand_as_its_readers_write_it(
    body: str, language: str, owed: frozenset[Money]
) -> None:
    assert amounts(body, language, owed) == []


@pytest.mark.parametrize(
    ("body", "language", "owed", "wrong"),
    [
        ("Balance $1,234.60", "en", OWED, "$1,234.60"),
        ("Balance $825.00 +$5 phone payment fee", "en", OWED, "$5"),
        ("Balance $12,345.00", "en", OWED, "$12,345.00"),
        ("Balance 1,234.51", "en", OWED, "1,234.51"),
        ("Balance €825.00", "en", OWED, "€825.00"),
        ("Balance CAD 825.00", "en", OWED, "CAD 825.00"),
        ("debe 1.234,51\u00a0€", "es", EUROS, "1.234,51 €"),
        ("欠款1.2万元", "zh", YUAN, "1.2万元"),
        ("欠款\uffe51,235", "zh", YUAN, "¥1,235"),
        ("Balance $8\u200b26.00", "en", OWED, "$826.00"),
    ],
)
def test_an_amount_that_is_not_in_the_ledger_is_named(
    body: str, language: str, owed: frozenset[Money], wrong: str
) -> None:
    assert amounts(body, language, owed) == [wrong]


def test_a_missing_text_is_to_be_added_in_the_language_of_the_message() -> None:
    assert missing([DISCLOSURE], text("Hello")) == [(DISCLOSURE, DISCLOSURE.texts["en"])]
    assert missing([DISCLOSURE], text("Hola", "es-MX")) == [(DISCLOSURE, DISCLOSURE.texts["es"])]


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("Hello. THIS COMMUNICATION\nis from a debt collector.", "en"),
        ("Hello, this e-mail is from a debt collector", "en"),
        ("Esta comunicacion es de un cobrador de deudas.", "es"),
    ],
)
def test_a_text_that_is_there_is_not_added_again(body: str, language: str) -> None:
    assert missing([DISCLOSURE], text(body, language)) == []


def test_an_english_disclosure_does_not_serve_a_spanish_message() -> None:
    body = "Hola. This communication is from a debt collector."
    assert missing([DISCLOSURE], text(body, "es")) == [(DISCLOSURE, DISCLOSURE.texts["es"])]


def test_a_text_that_the_rule_lacks_in_the_language_is_for_a_person() -> None:
    assert missing([DISCLOSURE], text("您好", "zh")) == [(DISCLOSURE, "")]


def test_a_text_for_any_language_serves_where_there_is_none_of_its_own() -> None:
    licence = Require("CA-01", "Licence", ("Civ. Code 1788.11(f)",), need=Need.TEXT, texts={"*": "NMLS 1234"})
    assert missing([licence], text("您好", "zh")) == [(licence, "NMLS 1234")]
    assert missing([licence], text("您好 NMLS 1234", "zh")) == []

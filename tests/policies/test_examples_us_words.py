"""The catalogue's examples of what may and what must stand in a message, in the three languages of the templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from outreach.domain.account import Facts
from outreach.domain.law import Law, Rules
from outreach.domain.policy import Lint, Require
from outreach.domain.retention import Record, may_erase
from outreach.domain.standing import CollectorRole, Medium, Purpose
from outreach.domain.wording import Text, ledger, lint, missing
from outreach.policies import built_in
from tests.cast import LOS_ANGELES
from tests.policies.debtors import T0, owes, packs_of, utc

SMS, EMAIL, LETTER = Medium.SMS, Medium.EMAIL, Medium.LETTER
ADA = owes()
IN_CALIFORNIA = owes(region="CA", zones=[LOS_ANGELES])
IN_TEXAS = owes(region="TX", role=CollectorRole.DEBT_BUYER)
MIRANDA = "This is an attempt to collect a debt. Any information obtained will be used for that purpose."
MIRANDA_ES = "Este es un intento de cobrar una deuda. Toda la información obtenida se utilizará para ese fin."
TOO_OLD = (
    "The law limits how long you can be sued on a debt. Because of the age of your debt, we will not sue you for it."
)
MODEL_FORM = (
    "North South Group is a debt collector. We are trying to collect a debt that you owe to Northwind. We will use any "
    "information you give us to help collect the debt."
)
PLAIN = "Questions about your account? Call us or reply here."


@dataclass(frozen=True, slots=True)
class Wording:
    """A message and whether the rule is content with it."""

    rule: str
    body: str
    content: bool
    language: str = "en"
    subject: str = ""
    medium: Medium = EMAIL
    facts: Facts = ADA

    @property
    def text(self) -> Text:
        """What the debtor reads."""
        return Text(self.subject, self.body, self.language)

    def rules(self, law: Law) -> Rules:
        """The rules that concern the message."""
        return law.rules_for(self.facts, self.medium, Purpose.REMINDER, utc(T0))

    def breaks(self, law: Law) -> set[str]:
        """The rules that the message breaks."""
        on_content = self.rules(law).on_content
        names = {id(one.rule): one.name for one in on_content}
        lints = [one.rule for one in on_content if isinstance(one.rule, Lint)]
        texts = [one.rule for one in on_content if isinstance(one.rule, Require)]
        broken = [rule for rule, _ in lint(lints, self.text, ledger(self.facts))]
        return {names[id(rule)] for rule in (*broken, *(rule for rule, _ in missing(texts, self.text)))}

    def __str__(self) -> str:
        return f"{self.rule} {self.subject or self.body[:40]}"


THREATS = {
    "en": [
        "You will be arrested Friday", "you may go to jail", "a warrant is out", "the sheriff will come",
        "this is a felony", "we will garnish your wages", "we will seize your car", "a lien on your home",
        "we repossess cars", "we may sue you", "we will sue you for it", "a lawsuit follows", "legal action is next",
        "your court date", "we will notify your commanding officer", "immigration will hear of it",
        "you can be deported", "we will tell your employer", "we will contact your family", "it will ruin your credit",
    ],
    "es": [
        "habrá un arresto", "irá a la cárcel", "orden de arresto", "llamaremos a la policía", "embargo de su sueldo",
        "vamos a demandar", "acción legal", "deportación", "hablaremos con su empleador", "su familia sabrá",
    ],
    "zh": [
        "否则坐牢", "将被拘留", "将被逮捕", "报警抓人", "刑事责任", "诈骗罪", "上门催收", "爆通讯录",
        "通知您的单位", "列入黑名单", "老赖","失信被执行人", "将起诉", "强制执行", "冻结账户", "曝光", "不还试试",
    ],
}  # fmt: skip
URGENCY = {
    "en": ["Final notice", "immediate payment is due", "pay within 24 hours", "last chance", "act now",
           "your account will be escalated today"],
    "es": ["último aviso", "pago inmediato"],
    "zh": ["最后通牒"],
}  # fmt: skip
IMITATION = {
    "en": ["by order of the court", "Department of Justice", "our attorney will call", "official notice",
           "case number 26-114"],
    "es": ["aviso oficial", "el juzgado decidió"],
    "zh": ["律师函", "公安通知", "法院通知", "检察院"],
}  # fmt: skip
PRIVACY = ["123-45-6789", "card 4111 1111 1111 1111", "4111111111111111", "6222021300001234567", "110101199003078515"]
HARMLESS = {
    "en": [PLAIN, "Balance $214.10", "12 Court Street, Brooklyn", "Licensed by the Department of Financial Protection",
           "Attorney General of the state", "please respond", "a client of ours", "Reply STOP to end texts.", TOO_OLD,
           "IBAN DE89 3704 0044 0532 0130 00", "Ref 345, call 212-555-0100", "reset your password"],
    "es": ["¿Preguntas? Responda aquí.", "Su saldo es de $214.10"],
    "zh": ["您的账单已逾期 3 天", "尾号 1234"],
}  # fmt: skip

HOUSE = [
    *(Wording("house/THREATS", words, False, language) for language in THREATS for words in THREATS[language]),
    *(Wording("house/URGENCY", words, False, language) for language in URGENCY for words in URGENCY[language]),
    *(Wording("house/IMITATION", words, False, language) for language in IMITATION for words in IMITATION[language]),
    *(Wording("house/PRIVACY", words, False, language) for language in THREATS for words in PRIVACY),
    *(Wording("house/THREATS", words, True, language) for language in HARMLESS for words in HARMLESS[language]),
    # EM-07, RF-16 and RF-36
    Wording("house/EM-07", PLAIN, True, subject="A message about your account ending 345"),
    Wording("house/EM-07", PLAIN, False, subject="Final notice: you owe $2,284"),
    Wording("house/EM-07", PLAIN, False, subject="Your balance"),
    Wording("house/EM-07", PLAIN, False, "es", subject="Su deuda"),
    Wording("house/EM-07", PLAIN, False, "zh", subject="您的欠款"),
    Wording("house/AMOUNTS", "Balance $214.10", True),
    Wording("house/AMOUNTS", "Balance $219.10", False),
]

LAWS = [
    Wording("us-federal/RF-11", "Your payment is due. Reply STOP to end texts.", True, medium=SMS),
    Wording("us-federal/RF-11", "Your payment is due.", False, medium=SMS),
    Wording("us-federal/RF-11", "Responda STOP o ALTO para no recibir más mensajes.", True, "es", medium=SMS),
    Wording("us-federal/RF-11", "请还款。回复TD退订", True, "zh", medium=SMS),
    Wording("us-federal/RF-11-email", "Unsubscribe: https://northwind.example/stop", True),
    Wording("us-federal/RF-11-email", PLAIN, False),
    Wording("us-federal/RF-17", f"{PLAIN} {MIRANDA}", True),
    Wording("us-federal/RF-17", PLAIN, False, medium=SMS),
    Wording("us-federal/RF-17", MODEL_FORM, True, medium=LETTER),
    Wording("us-federal/RF-18", MODEL_FORM, True, medium=LETTER),
    Wording("us-federal/RF-18", f"{PLAIN} This communication is from a debt collector.", True),
    Wording("us-federal/RF-18", PLAIN, False),
    Wording("us-federal/RF-21", f"{PLAIN} {TOO_OLD}", True),
    Wording("us-federal/RF-21", "we may sue", False),
    Wording("us-federal/RF-26", "questions? reply here", True),
    Wording("us-federal/RF-26", "pay within 7 days to avoid escalation", False),
    Wording("us-federal/RF-26", "we tell the credit bureaus", False),
    Wording("us-federal/RF-36", "Balance $214.10", True),
    Wording("us-federal/RF-36", "Balance $214.10 +$5 phone payment fee", False),
    # RF-39: the disclosure is in the language of the message
    Wording("us-federal/RF-17", f"¿Preguntas? {MIRANDA_ES}", True, "es"),
    Wording("us-federal/RF-17", f"¿Preguntas? {MIRANDA}", False, "es"),
    Wording("us-federal/RF-17", f"Fragen? {MIRANDA}", False, "de"),
    Wording("us-ca/CA-01", f"{PLAIN} California license number 10001-99", True, facts=IN_CALIFORNIA),
    Wording("us-ca/CA-01", PLAIN, False, facts=IN_CALIFORNIA),
    Wording("us-ca/CA-02", "Under the Rosenthal Fair Debt Collection Practices Act you have rights", True,
            medium=LETTER, facts=IN_CALIFORNIA),
    Wording("us-ca/CA-02", PLAIN, False, medium=LETTER, facts=IN_CALIFORNIA),
    Wording("us-ca/CA-03", f"{PLAIN} {TOO_OLD}", True, facts=IN_CALIFORNIA),
    Wording("us-ca/CA-03", PLAIN, False, facts=IN_CALIFORNIA),
    Wording("us-tx/TX-01", f"{PLAIN} {TOO_OLD}", True, facts=IN_TEXAS),
    Wording("us-tx/TX-01", PLAIN, False, facts=IN_TEXAS),
]  # fmt: skip


@pytest.mark.parametrize("wording", HOUSE, ids=str)
def test_an_example_of_the_houses_words_is_judged_as_the_catalogue_says(wording: Wording) -> None:
    broken = wording.breaks(Law(packs_of("house")))
    assert (not broken) if wording.content else wording.rule in broken, broken


@pytest.mark.parametrize("wording", LAWS, ids=str)
def test_an_example_of_the_laws_words_is_judged_as_the_catalogue_says(wording: Wording) -> None:
    law = Law(packs_of(wording.rule.partition("/")[0]))
    assert wording.rule in {one.name for one in wording.rules(law).on_content}
    assert (wording.rule not in wording.breaks(law)) is wording.content


_ADDED = [
    (pack.id, rule, language)
    for pack in built_in()
    if pack.id.startswith("us-")
    for rule in pack.rules
    if isinstance(rule, Require)
    for language in rule.texts
]


@pytest.mark.parametrize(("pack", "rule", "language"), _ADDED, ids=lambda one: getattr(one, "id", one))
def test_what_one_law_has_added_no_other_forbids(pack: str, rule: Require, language: str) -> None:
    tongue = "en" if language == "*" else language
    added = Wording(f"{pack}/{rule.id}", rule.texts[language], True, tongue, facts=IN_CALIFORNIA)
    lints = {one.name for one in added.rules(Law(built_in())).lints()}
    assert "us-federal/RF-26" in lints
    assert not added.breaks(Law(built_in())) & lints


def test_what_a_rule_adds_shows_that_it_is_there() -> None:
    for _, rule, language in _ADDED:
        assert not missing([rule], Text("", rule.texts[language], "en" if language == "*" else language)), rule.id


@pytest.mark.parametrize(("on", "may"), [("2029-12-02", True), ("2029-11-30", False)])
def test_the_records_of_an_account_are_kept_three_years_after_the_last_activity(on: str, may: bool) -> None:
    now = utc(f"{on}T12:00Z")
    kept = Law(packs_of("us-federal")).retentions(now.date())
    assert may_erase(Record.ACTIVITY, date(2026, 12, 1), kept, (), now).may_erase is may

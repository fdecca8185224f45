"""`creditors.yaml`: who is owed, as debtors see it, and the languages in which each creditor writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from phonenumbers import NumberParseException, is_possible_number, parse
from pydantic import Field, PlainValidator, WithJsonSchema

from outreach.documents.document import Document, Unreadable, read, read_text
from outreach.documents.explain import validate
from outreach.documents.model import FileModel, key
from outreach.documents.problem import Problem, has_errors
from outreach.documents.receivers import KindValue, ReceiverValue, VariableValue
from outreach.documents.words import (
    CountryValue,
    DebtValue,
    LanguageValue,
    LicenceValue,
    RoleValue,
    SlugValue,
    mistake,
)
from outreach.domain.account import Creditor
from outreach.domain.message import PostalAddress
from outreach.domain.standing import CollectorRole, DebtKind, Terms
from outreach.schedules.plan_keys import PlanKeys, plan_policy
from outreach.schedules.promise_keys import PromiseKeys, promise_terms

FILE_NAME = "creditors.yaml"


def _phone(value: object) -> str:
    try:
        possible = is_possible_number(parse(str(value)))
    except NumberParseException:
        possible = False
    if not possible or not str(value).startswith("+"):
        raise mistake(f"`{value}` is not a phone number", 'Write it with its country, in quotes: "+12125550123"')
    return str(value)


PhoneValue = Annotated[str, PlainValidator(_phone), WithJsonSchema({"type": "string", "pattern": r"^\+[1-9]\d+$"})]
EmailValue = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
LinkValue = Annotated[str, Field(pattern=r"^https://[^\s]+$")]


class AddressKeys(FileModel):
    """The sender's address on letters, and where letters that cannot be delivered go."""

    name: str = key("Name on the envelope; left out, the creditor's.", "Northwind Card Services", default="")
    line1: str = key("Street and number, or a box.", "100 Sample Street")
    line2: str = key("Further line.", "Suite 4", default="")
    city: str = key("City.", "New York")
    region: str = key("State or province.", "NY", default="")
    postal_code: str = key("Postal code, in quotes.", "10001")
    country: CountryValue = key("ISO 3166-1 code.", "US")


class WebhookKeys(FileModel):
    """A receiver of outcome events."""

    name: SlugValue = key("Name of the endpoint, unique for its creditor.", "erp")
    url: ReceiverValue = key("Where events are posted.", "https://erp.northwind.example/outreach")
    secret: VariableValue = key(
        "Environment variable (or, with _FILE behind it, the one that names a file) that holds the secret. Never the "
        "secret itself.",
        "NORTHWIND_WEBHOOK_SECRET",
    )
    kinds: list[KindValue] = key(
        "Kinds of events that are posted; left out, all.", ["delivered", "promised"], default_factory=list
    )


class CreditorKeys(FileModel):
    """A creditor."""

    ref: SlugValue = key("Reference, as campaigns and imported accounts name it.", "northwind")
    name: str = key("Name that debtors know.", "Northwind Card Services", min_length=1)
    phone: PhoneValue = key("Where debtors call, in E.164.", "+12125550123")
    email: EmailValue = key("Where debtors write.", "help@northwind.example", default="")
    website: LinkValue = key("Site of the creditor.", "https://northwind.example", default="")
    payment_url: LinkValue = key("Where debtors pay.", "https://northwind.example/pay", default="")
    address: AddressKeys = key("Postal address.", {"line1": "100 Sample Street", "city": "New York"})
    languages: list[LanguageValue] = key(
        "Languages in which every text of its campaigns must exist.", ["en", "es"], min_length=1
    )
    collector_role: RoleValue = key(
        "In whose name its accounts are collected, where an account says nothing else.",
        "first_party",
        default=CollectorRole.FIRST_PARTY,
    )
    debt_kind: DebtValue = key(
        "What the debt is from, where an account says nothing else.", "consumer", default=DebtKind.CONSUMER
    )
    licences: list[LicenceValue] = key(
        "Where the collector is licensed, where an account says nothing else.", ["US-CA"], default_factory=list
    )
    webhooks: list[WebhookKeys] = key(
        "Receivers of the creditor's outcome events.", [{"name": "erp"}], default_factory=list
    )
    plans: PlanKeys | None = key(
        "Payment plans; left out, the product's own limits hold.", {"agent": {"max_months": 12}}, default=None
    )
    promises: PromiseKeys | None = key(
        "Promises to pay; left out, the product's own terms hold.", {"grace_days": 3}, default=None
    )


class CreditorsKeys(FileModel):
    """The creditors for whom campaigns run."""

    creditors: list[CreditorKeys] = key("All creditors.", [{"ref": "northwind"}], min_length=1)


@dataclass(frozen=True, slots=True)
class Webhook:
    """A receiver of outcome events; no `kinds` means all. `secret` is the name of an environment variable."""

    name: str
    url: str
    secret: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CreditorFile:
    """A creditor, the languages (BCP 47) in which every text of its campaigns must exist, and who hears of outcomes."""

    creditor: Creditor
    languages: tuple[str, ...]
    webhooks: tuple[Webhook, ...] = ()


def load_creditors(directory: Path) -> tuple[dict[str, CreditorFile], list[Problem]]:
    """The creditors in the `creditors.yaml` of a directory by ref; none when the file has an error."""
    file = str(directory / FILE_NAME)
    try:
        document = read(read_text(directory / FILE_NAME, file), file)
    except Unreadable as unreadable:
        return {}, [unreadable.problem]
    keys, mistakes = validate(CreditorsKeys, document)
    problems = [*document.problems, *mistakes, *(_twice(document, keys) if keys else [])]
    if keys is None or has_errors(problems):
        return {}, problems
    return {entry.ref: _creditor(entry) for entry in keys.creditors}, problems


def _twice(document: Document, keys: CreditorsKeys) -> list[Problem]:
    refs = [entry.ref for entry in keys.creditors]
    twice = [
        document.problem(("creditors", index, "ref"), f"the creditor `{ref}` is there twice", "Keep one of them")
        for index, ref in enumerate(refs)
        if ref in refs[:index]
    ]
    for number, entry in enumerate(keys.creditors):
        names = [one.name for one in entry.webhooks]
        twice += [
            document.problem(
                ("creditors", number, "webhooks", index, "name"),
                f"the webhook `{name}` is there twice",
                "Give each its own name: it is how its deliveries are known",
            )
            for index, name in enumerate(names)
            if name in names[:index]
        ]
    return twice


def _creditor(keys: CreditorKeys) -> CreditorFile:
    address = keys.address.model_dump() | {"name": keys.address.name or keys.name}
    creditor = Creditor(
        ref=keys.ref,
        name=keys.name,
        phone=keys.phone,
        email=keys.email,
        website=keys.website,
        address=PostalAddress(**address),
        payment_url=keys.payment_url,
        terms=Terms(keys.collector_role, keys.debt_kind, licences=frozenset(keys.licences)),
        plans=plan_policy(keys.plans) if keys.plans else None,
        promises=promise_terms(keys.promises) if keys.promises else None,
    )
    webhooks = (Webhook(one.name, one.url, one.secret, tuple(one.kinds)) for one in keys.webhooks)
    return CreditorFile(creditor, tuple(keys.languages), tuple(webhooks))

"""The creditor's own payment page: `payment_url` of creditors.yaml, in which {account} stands for the account's ref."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from outreach.domain.account import Facts


class PaymentUrl:
    """Sends the debtor to the page, with the account's ref where the creditor asked for it."""

    def offered(self, facts: Facts) -> bool:
        """Whether the creditor has a page."""
        return self.address(facts).startswith(("https://", "http://"))

    def origin(self, facts: Facts) -> str:
        """The site of the page."""
        parts = urlsplit(self.address(facts))
        return f"{parts.scheme}://{parts.netloc}"

    def address(self, facts: Facts) -> str:
        """The page of the account."""
        url = facts.account.creditor.payment_url
        return url.replace("{account}", quote(facts.account.ref, safe=""))

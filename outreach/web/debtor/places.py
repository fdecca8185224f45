"""The addresses of the page: they name nobody, not even an account."""

from __future__ import annotations

WHO, ACCOUNT = "/p/who", "/p/account"


def place(number: int, screen: str = "") -> str:
    """The address of a screen of an account, by its number on the page."""
    return f"{ACCOUNT}/{number}" + (f"/{screen}" if screen else "")

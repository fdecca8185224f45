"""`outreach user`: who may sign in to the console."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from outreach.cli.context import app_of, fail, load_settings, stderr, stdout
from outreach.flow.signin import PasswordUnfit, add_user
from outreach.store import users
from outreach.store.engine import reading
from outreach.store.users import Role, UserExists, UserUnknown

user_cli = typer.Typer(name="user", help="Who may sign in to the console.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="The user's e-mail address.")]


@user_cli.command("add")
def add(
    email: Email,
    role: Annotated[Role, typer.Option(help="What the user may do.")] = Role.VIEWER,
    password: Annotated[
        str, typer.Option(prompt=True, confirmation_prompt=True, hide_input=True, envvar="OUTREACH_NEW_PASSWORD")
    ] = "",
) -> None:
    """Add a user; the password is asked for, or taken from OUTREACH_NEW_PASSWORD.

    Example: outreach user add ops@lender.example --role operator
    """
    with app_of(load_settings()) as app:
        try:
            add_user(app.engine, email, password, role, app.clock.now())
        except PasswordUnfit as error:
            raise fail(str(error), 2) from error
        except UserExists as error:
            raise fail(f"{email} is a user already: disable it first, or choose another address") from error
    stderr.print(f"{email} may sign in as {role.value}")


@user_cli.command("list")
def list_users() -> None:
    """List users.

    Example: outreach user list
    """
    table = Table("email", "role", "disabled", "since")
    with app_of(load_settings()) as app, reading(app.engine) as connection:
        for user in users.everyone(connection):
            table.add_row(user.email, user.role.value, "yes" if user.disabled else "", f"{user.created_at:%Y-%m-%d}")
    stdout.print(table)


@user_cli.command("disable")
def disable(email: Email) -> None:
    """End a user's sessions and refuse new ones.

    Example: outreach user disable ops@lender.example
    """
    with app_of(load_settings()) as app, app.engine.begin() as connection:
        try:
            users.disable(connection, email)
        except UserUnknown as error:
            raise fail(f"there is no user {email}: see outreach user list") from error
    stderr.print(f"{email} may not sign in any more")

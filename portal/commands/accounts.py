"""`flask accounts ...`: people who edit listings, translate, review, or belong to a partner."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup
from sqlalchemy import Connection

from portal.accounts import factors, passwords, people, sessions
from portal.accounts.model import EVERY, AccountError, Role
from portal.commands.shared import partner_named, services
from portal.languages.model import UNIVERSAL

accounts = AppGroup("accounts", help="People with accounts.")


@accounts.command("create")
@click.argument("mail")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="What they are.")
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password, one line, from standard input.")
@click.option("--name", help="What they are called; the mail address when it is left out.")
@click.option("--scope", multiple=True, help="A translator's language (default all), or a partner's name or number.")
@click.option("--listing", multiple=True, help="Of owner and staff: a listing of theirs, such as dining/goubuli.")
@click.option("--trusted", is_flag=True, help="Of owner and staff: their business publishes without a review.")
@click.option("--language", default=UNIVERSAL, show_default=True, help="The language letters to them are written in.")
def accounts_create(  # noqa: PLR0913, PLR0917 - an option each
    mail: str,
    role: str,
    password_stdin: bool,
    name: str | None,
    scope: tuple[str, ...],
    listing: tuple[str, ...],
    trusted: bool,
    language: str,
) -> None:
    """Make an account whose mail address needs no confirmation."""
    here = services()
    here.database.upgrade()
    scopes = _scopes(Role(role), scope)
    password = sys.stdin.readline().rstrip("\r\n")
    try:
        passwords.check(password, people.normal(mail))
        new = people.NewPerson(mail, name or mail, passwords.hashed(password), language)
        with here.database.write() as connection:
            person = people.create(connection, here.clock(), new)
            if Role(role) in {Role.OWNER, Role.STAFF}:
                business = people.found_business(connection, here.clock(), new.name, trusted=trusted)
                _join(connection, person, business, Role(role), listing)
            else:
                people.give_role(connection, person, Role(role), scopes)
    except AccountError as error:
        raise click.ClickException(f"{type(error).__name__}: {error}") from error
    click.echo(f"{people.normal(mail)} is {role}")


@accounts.command("reset-second-factor")
@click.argument("mail")
def accounts_reset_second_factor(mail: str) -> None:
    """Let somebody sign in by password alone, who lost phone and recovery codes; their sessions and passkeys end."""
    here = services()
    person = people.find(here.database, mail)
    if person is None:
        raise click.ClickException(f"nobody has an account that is open under {people.normal(mail)}")
    with here.database.write() as connection:
        factors.reset(connection, here.clock(), person.id)
        people.begin_grace(connection, here.clock(), person.id)
        sessions.end_all(connection, person.id)
    click.echo(f"{person.mail} signs in by password alone")


def _join(connection: Connection, person: int, business: int, role: Role, listings: tuple[str, ...]) -> None:
    people.join(connection, person, business, role)
    for listing in listings:
        people.grant(connection, business, listing)


def _scopes(role: Role, given: tuple[str, ...]) -> tuple[str, ...]:
    if role is Role.PARTNER:
        return tuple(str(partner_named(name).id) for name in given) or ("",)
    return given or ((EVERY,) if role is Role.TRANSLATOR else ("",))

"""manage.py api_token EMAIL [--name NAME [--revoke]]: access to the API for one person."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from hotline.api import tokens


class Command(BaseCommand):
    help = (
        "Make a token of the API for a person (shown once, on the last line), revoke it, or list the tokens there are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL", help="mail address of an active person")
        parser.add_argument("--name", default="", help="what the token is for; without it the tokens are listed")
        parser.add_argument("--revoke", action="store_true", help="the person's tokens of this name work no more")

    def handle(self, *args: Any, **options: Any) -> None:
        person = get_user_model().objects.filter(email__iexact=options["email"], is_active=True).first()
        name = options["name"].strip()
        if person is None:
            raise CommandError(f"There is no active person with the address {options['email']}.")
        if len(name) > tokens.LONGEST_NAME:
            raise CommandError(f"A name has at most {tokens.LONGEST_NAME} characters.")
        if options["revoke"] and not name:
            raise CommandError("--revoke needs --name: which tokens of this person?")
        if not name:
            self.stdout.write("\n".join(_line(token) for token in tokens.tokens_of(person.pk)) or "no tokens")
        elif options["revoke"]:
            self.stdout.write(f"{tokens.revoke_tokens(person_id=person.pk, name=name)} revoked")
        else:
            self.stdout.write(tokens.create_token(person_id=person.pk, name=name))


def _line(token: tokens.TokenAt) -> str:
    used = f"last used {token.last_used_at:%Y-%m-%d %H:%M} UTC" if token.last_used_at else "never used"
    return f"{token.name}: made {token.created_at:%Y-%m-%d}, {used}"

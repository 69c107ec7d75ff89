"""Refusals of the hotline. Each has a stable `code`, a `status` for the web, and a text that says what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _


class HotlineError(Exception):
    """Something is not done; `code` is stable, `message` is for the person who tried."""

    status = 409

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class NotFound(HotlineError):
    """There is no such consultation, file or offer, or it is none of this person's business: the same answer."""

    status = 404

    def __init__(self) -> None:
        super().__init__("not_found", _("We cannot find this question. Check the number, or ask who sent it to you."))


class NotYours(HotlineError):
    """The person may see the consultation, and may not do this with it."""

    status = 403

    def __init__(self) -> None:
        super().__init__("not_yours", _("You can see this question, but this step is for somebody else."))


class NotNow(HotlineError):
    """The consultation does not stand where this step begins: ended, answered, or moved on meanwhile."""


class AlreadyAccepted(HotlineError):
    """Somebody else was first. `who` is the name of the lawyer who has it."""

    def __init__(self, who: str) -> None:
        super().__init__("already_accepted", _("%(who)s has already accepted this question.") % {"who": who})
        self.who = who


class FormRefused(HotlineError):
    """What was filled in cannot be used. `field` is the name of the field that it is about."""

    status = 400

    def __init__(self, code: str, message: str, *, field: str) -> None:
        super().__init__(code, message)
        self.field = field


class FileRefused(FormRefused):
    """A file that is too large, one too many, or not what its name says."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message, field="files")


class Signposted(FormRefused):
    """Not for this line: the text says where the question belongs."""

    def __init__(self, message: str) -> None:
        super().__init__("signposted", message, field="area")

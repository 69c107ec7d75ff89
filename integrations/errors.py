"""What can go wrong with the outside world."""

from __future__ import annotations


class VendorError(Exception):
    """A vendor (telephone, mail) did not do what we asked. The text holds no number, name or case.

    `permanent`: asking again will not help. `unknown`: the request left and no answer came, so it may have been done.
    `status`: the HTTP status, if there was an answer.
    """

    code = "vendor"

    def __init__(
        self, message: str, *, permanent: bool = False, unknown: bool = False, status: int | None = None
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.unknown = unknown
        self.status = status

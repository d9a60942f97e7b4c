"""The family of errors.

Every error a person can meet is one of these: a stable code, an HTTP status, a sentence that says what
happened and what to do, and the data the sentence needs. Faces translate and present it once; domains
add their own subclasses in their `errors.py`. Anything else that is raised is a fault of ours.
"""

from __future__ import annotations

from typing import Any, ClassVar


def N_(message: str) -> str:  # noqa: N802 (gettext's own name for "translate this later")
    """Mark `message` for translation without translating it here."""
    return message


class BelvedereError(Exception):
    """An expected failure. `message` is an English sentence with `{placeholders}` filled from `data`."""

    status: ClassVar[int] = 400
    default_code: ClassVar[str] = "error"

    def __init__(self, message: str, *, code: str | None = None, **data: Any) -> None:
        self.message = message
        self.code = code or self.default_code
        self.data = data
        super().__init__(self.sentence())

    def sentence(self, translated: str | None = None) -> str:
        """The sentence for people; `translated` is the translation of `message` in their language."""
        text = self.message if translated is None else translated
        return text.format_map({key: _plain(value) for key, value in self.data.items()})


def _plain(value: Any) -> Any:
    return ", ".join(str(item) for item in value) if isinstance(value, list | tuple | set) else value


class InvalidInput(BelvedereError):
    """What was given cannot be taken; `data["field"]` names the field where one is at fault."""

    status = 422
    default_code = "invalid_input"


class NotFound(BelvedereError):
    """There is no such thing, or the actor may not know that there is."""

    status = 404
    default_code = "not_found"


class Refused(BelvedereError):
    """The actor's role does not allow it; the message is the policy's reason."""

    status = 403
    default_code = "refused"


class Conflict(BelvedereError):
    """Someone changed the thing meanwhile, or its state does not allow the act."""

    status = 409
    default_code = "conflict"


class TooLarge(BelvedereError):
    """More than the platform takes at once."""

    status = 413
    default_code = "too_large"


class Unavailable(BelvedereError):
    """Something outside did not answer. `permanent` says that trying again will not help."""

    status = 503
    default_code = "unavailable"

    def __init__(
        self, message: str, *, permanent: bool = False, code: str | None = None, **data: Any
    ) -> None:
        self.permanent = permanent
        super().__init__(message, code=code, **data)

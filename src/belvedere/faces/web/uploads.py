"""A file that is too large is stopped while it arrives, before it fills memory or disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest

from belvedere.kernel.errors import BelvedereError

#: What a form adds around its file, bytes.
_ENVELOPE = 64 * 1024

#: Raises when so many bytes are too many.
Refuse = Callable[[int], None]


def limited(request: HttpRequest, refuse: Refuse) -> BelvedereError | None:
    """Let a file come as long as `refuse` lets so many bytes through; the file then lies on disk.

    Looked at before anything reads the body: a view that forms are protected in does so with `csrf_exempt`,
    and protects what it calls after. What is announced as too long is refused by that word alone: the answer
    is the error, the body is not read and the page is made without it.
    """
    announced = request.META.get("CONTENT_LENGTH") or "0"
    try:
        if announced.isascii() and announced.isdigit():
            refuse(max(0, int(announced) - _ENVELOPE))
    except BelvedereError as error:
        request._post_parse_error = True  # type: ignore[attr-defined]  # noqa: SLF001
        return error
    request.upload_handlers = [_Limited(request, refuse), TemporaryFileUploadHandler(request)]
    return None


class _Limited(FileUploadHandler):
    """Counts the bytes that really come."""

    def __init__(self, request: HttpRequest, refuse: Refuse) -> None:
        super().__init__(request)
        self._refuse = refuse
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._received += len(raw_data)
        self._refuse(self._received)
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        return None

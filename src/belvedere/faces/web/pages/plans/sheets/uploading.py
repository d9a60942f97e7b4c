"""Stops a file that is too large while it arrives, before it fills memory or disk."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from belvedere.domains.plans.sheets import public as sheets

# What a form adds around its file.
_ENVELOPE = 64 * 1024


def refuse_announced(request: HttpRequest) -> None:
    """Refuse by the length the sender announces, without reading a byte of the body."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if announced.isdigit():
        sheets.refuse_size(max(0, int(announced) - _ENVELOPE))


class Limited(FileUploadHandler):
    """Counts the bytes that really come; refuses above the limit."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        sheets.refuse_size(self.received)
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        return None

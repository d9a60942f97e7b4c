"""What a phone asks before it puts the platform on its home screen (W3C Web Application Manifest)."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    icon = {"src": static("belvedere/logo.svg"), "sizes": "any", "type": "image/svg+xml"}
    told = {
        "name": "Belvédère",
        "short_name": "Belvédère",
        "id": "/",
        "start_url": "/",
        "display": "standalone",
        "icons": [icon],
    }
    answer = JsonResponse(told, content_type="application/manifest+json")
    answer["Cache-Control"] = "public, max-age=86400"
    return answer

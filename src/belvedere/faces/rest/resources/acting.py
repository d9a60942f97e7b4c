"""Verbs on one thing as operations: done once for its key, answered with the thing as it is then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Parameter, Signature, signature
from typing import Any, get_type_hints

from django.http import HttpRequest, HttpResponse
from ninja import Schema

from belvedere.faces.rest.resources.repeating import KEYED, MAY_BE_KEYED, once
from belvedere.faces.rest.resources.routing import HOLDER, router
from belvedere.faces.rest.tokens import actor_of

TAGS = ["Supervising"]
#: The actor and the thing, as every verb takes them.
Which = dict[str, Any]
Verb = Callable[[Which, Any], None]


class Acts:
    """The operations on things of one kind, such as `/alarms/{int:alarm_id}`.

    `part`: how the path and the verbs name the thing's identifier; `show` gives what is answered.
    """

    def __init__(
        self, path: str, part: str, kind: type, answer: type[Schema], show: Callable[..., Schema]
    ) -> None:
        self.path, self.part, self.kind, self.answer, self.show = path, part, kind, answer, show

    def post(self, name: str, *, twice: bool = False) -> Callable[[Verb], Verb]:
        """Make a verb an operation. `twice`: a repetition would do it twice, so it needs a key."""

        def register(verb: Verb) -> Verb:
            def operation(request: HttpRequest, response: HttpResponse, **asked: Any) -> Any:
                def act() -> list[object]:
                    verb({"actor": actor_of(request), self.part: asked[self.part]}, asked["given"])
                    return []

                once(request, response, act, needed=twice)
                return self.show(request, response, asked[self.part])

            operation.__name__, operation.__doc__ = verb.__name__, verb.__doc__
            taken = {self.part: self.kind, "given": get_type_hints(verb)["given"]}
            # ninja reads there what the path and the body hold
            operation.__dict__["__signature__"] = _signature(operation, taken)
            route = router.post(
                f"{self.path}/{name}",
                response=self.answer,
                operation_id=verb.__name__,
                openapi_extra=KEYED if twice else MAY_BE_KEYED,
                auth=HOLDER,
                tags=TAGS,
            )
            route(operation)
            return verb

        return register


def _signature(operation: Callable[..., Any], taken: Mapping[str, type]) -> Signature:
    first = list(signature(operation).parameters.values())[:2]
    more = [Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind) for name, kind in taken.items()]
    return Signature([*first, *more])

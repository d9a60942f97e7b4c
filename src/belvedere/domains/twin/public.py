"""THE DOOR of the twin: things of the territory as they are now, and the devices that tell of them.

Words: entity (a thing: a container, a street light), attribute (one of its properties or relations, with its
present value), series (an attribute of an entity as a number, under which history is kept), device (what
sends), description (what a kind of entity can say: units, bounds, labels).
Not for: history (observations), how messages arrive and are counted (intake).
"""

from belvedere.domains.twin.states import AttributeKind, Level, State, ValueKind, Visibility
from belvedere.domains.twin.values import Feed, Grant, Present, Shown, Target

__all__ = [
    "AttributeKind",
    "Feed",
    "Grant",
    "Level",
    "Present",
    "Shown",
    "State",
    "Target",
    "ValueKind",
    "Visibility",
]

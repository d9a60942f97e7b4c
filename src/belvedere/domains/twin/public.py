"""THE DOOR of the twin: things of the territory as they are now, and the devices that tell of them.

Words: entity (a thing: a container, a street light), attribute (one of its properties or relations, with its
present value), passage (a thing went from one state to another), series (an attribute of an entity as a
number, under which history is kept), device (what sends), description (what a kind of entity can say: units,
bounds, labels), feed (how a device is read).
Events: EntitiesCreated, EntityChanged, EntityRemoved, StatesChanged, FeedsChanged, CredentialEnded.
Things as documents of NGSI-LD (`load_things`, `save_things`…): for the domain that speaks it, which asks the
rights and keeps the journal itself.
Not for: history (observations), how messages arrive and are counted (intake).
"""

from belvedere.domains.twin.coverage import Covered, coverage
from belvedere.domains.twin.describing import (
    AttributeDescription,
    Description,
    descriptions,
    expand_term,
    kind_of_type,
)
from belvedere.domains.twin.device_actions import (
    map_fields,
    register_device,
    register_devices,
    revoke_device,
    rotate_secret,
    set_strictness,
)
from belvedere.domains.twin.documents.discovering import Discovered
from belvedere.domains.twin.documents.discovering import attributes as discover_attributes
from belvedere.domains.twin.documents.discovering import types as discover_types
from belvedere.domains.twin.documents.finding import Found as FoundThings
from belvedere.domains.twin.documents.finding import find as find_things
from belvedere.domains.twin.documents.finding import find_all as find_all_things
from belvedere.domains.twin.documents.held import KINDS as KIND_OF_ROW
from belvedere.domains.twin.documents.held import AttributeRow, Held, document_of_held
from belvedere.domains.twin.documents.loading import (
    documents_of,
    held_by_id,
    one_document,
    own_present,
    share_present,
    sharing_present,
)
from belvedere.domains.twin.documents.loading import load as load_things
from belvedere.domains.twin.documents.saving import Draft, Saved, Told
from belvedere.domains.twin.documents.saving import create as create_things
from belvedere.domains.twin.documents.saving import draft as draft_thing
from belvedere.domains.twin.documents.saving import remove as remove_things
from belvedere.domains.twin.documents.saving import save as save_things
from belvedere.domains.twin.drafts import (
    KEEP,
    AttributeDraft,
    DeviceDraft,
    EntityChange,
    EntityDraft,
    FieldDraft,
    NewSecret,
    Thresholds,
)
from belvedere.domains.twin.entity_actions import (
    create_entities,
    create_entity,
    edit_entity,
    remove_entity,
    set_thresholds,
)
from belvedere.domains.twin.feeds import authenticate, feeds, feeds_version
from belvedere.domains.twin.forecasts import forecast, forecast_or_none, range_of, turned
from belvedere.domains.twin.listing import Listed, entities_after
from belvedere.domains.twin.mapping import usual_fields
from belvedere.domains.twin.pages import device, devices, entity_by_urn, entity_page, refuses_out_of_bounds
from belvedere.domains.twin.passages import Passage, Passages, passages, passages_between
from belvedere.domains.twin.policies import Thing, audience, may, require, works_in
from belvedere.domains.twin.present import apply_present
from belvedere.domains.twin.queries import Wanted, entities_in, grid, main_values, seen_among
from belvedere.domains.twin.reaching import NamedDevice, Reachable, device_named, reachable
from belvedere.domains.twin.series import (
    SeriesOwner,
    ToldSeries,
    ids_of_types,
    series_owners,
    told_series,
)
from belvedere.domains.twin.signing_in import signed_in_since
from belvedere.domains.twin.silence import notice_silence, patience
from belvedere.domains.twin.states import (
    FORECAST,
    HOUSEHOLD,
    AttributeKind,
    Level,
    State,
    ValueType,
    Visibility,
)
from belvedere.domains.twin.tallies import Tallies, is_measured, kinds_and_states, tallies
from belvedere.domains.twin.units import UNITS, conversion, symbol, to_stored
from belvedere.domains.twin.values import Feed, Grant, Present, Shown, Target
from belvedere.domains.twin.views import (
    AttributeView,
    Cell,
    DeviceView,
    Dot,
    EntityPage,
    FieldView,
    Found,
    Value,
)
from belvedere.domains.twin.watching import (
    Watchable,
    WatchableSeries,
    hanging_from,
    hanging_on,
    things_of_kinds,
    watchable,
)

__all__ = [
    "FORECAST",
    "HOUSEHOLD",
    "KEEP",
    "KIND_OF_ROW",
    "UNITS",
    "AttributeDescription",
    "AttributeDraft",
    "AttributeKind",
    "AttributeRow",
    "AttributeView",
    "Cell",
    "Covered",
    "Description",
    "DeviceDraft",
    "DeviceView",
    "Discovered",
    "Dot",
    "Draft",
    "EntityChange",
    "EntityDraft",
    "EntityPage",
    "Feed",
    "FieldDraft",
    "FieldView",
    "Found",
    "FoundThings",
    "Grant",
    "Held",
    "Level",
    "Listed",
    "NamedDevice",
    "NewSecret",
    "Passage",
    "Passages",
    "Present",
    "Reachable",
    "Saved",
    "SeriesOwner",
    "Shown",
    "State",
    "Tallies",
    "Target",
    "Thing",
    "Thresholds",
    "Told",
    "ToldSeries",
    "Value",
    "ValueType",
    "Visibility",
    "Wanted",
    "Watchable",
    "WatchableSeries",
    "apply_present",
    "audience",
    "authenticate",
    "conversion",
    "coverage",
    "create_entities",
    "create_entity",
    "create_things",
    "descriptions",
    "device",
    "device_named",
    "devices",
    "discover_attributes",
    "discover_types",
    "document_of_held",
    "documents_of",
    "draft_thing",
    "edit_entity",
    "entities_after",
    "entities_in",
    "entity_by_urn",
    "entity_page",
    "expand_term",
    "feeds",
    "feeds_version",
    "find_all_things",
    "find_things",
    "forecast",
    "forecast_or_none",
    "grid",
    "hanging_from",
    "hanging_on",
    "held_by_id",
    "ids_of_types",
    "is_measured",
    "kind_of_type",
    "kinds_and_states",
    "load_things",
    "main_values",
    "map_fields",
    "may",
    "notice_silence",
    "one_document",
    "own_present",
    "passages",
    "passages_between",
    "patience",
    "range_of",
    "reachable",
    "refuses_out_of_bounds",
    "register_device",
    "register_devices",
    "remove_entity",
    "remove_things",
    "require",
    "revoke_device",
    "rotate_secret",
    "save_things",
    "seen_among",
    "series_owners",
    "set_strictness",
    "set_thresholds",
    "share_present",
    "sharing_present",
    "signed_in_since",
    "symbol",
    "tallies",
    "things_of_kinds",
    "to_stored",
    "told_series",
    "turned",
    "usual_fields",
    "watchable",
    "works_in",
]

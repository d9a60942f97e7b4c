"""THE DOOR of equipment: what the territory has, where, whose it is, who maintains it and how fast.

Words: equipment (a cabinet, a luminaire, a pump), kind, number (what people call it), code (what its label
carries), parent and children (a cabinet and its luminaires), contract (who maintains, within which times),
maintenance (worked on from then to then), thing (the entity of the live territory that it is).
Events: EquipmentRegistered, EquipmentChanged, EquipmentStateChanged, ContractChanged.
For other domains, without an actor: known, by_thing, children_of, all_below, things_below, things_above,
under_maintenance, things_under_maintenance, due.
Not for: what equipment says now (twin), alarms and interventions (automation).
"""

from belvedere.domains.equipment.actions import (
    change_equipment,
    link_thing,
    move_under,
    register_equipment,
    register_many,
    remove_equipment,
)
from belvedere.domains.equipment.contract_actions import change_contract, end_contract, make_contract
from belvedere.domains.equipment.contract_queries import contract, contracts, open_document
from belvedere.domains.equipment.document_actions import (
    add_contract_document,
    add_document,
    add_photo,
    remove_contract_document,
    remove_document,
)
from belvedere.domains.equipment.doors import (
    all_below,
    by_thing,
    children_of,
    due,
    known,
    things_above,
    things_below,
    things_under_maintenance,
    under_maintenance,
)
from belvedere.domains.equipment.drafts import EquipmentDraft, Facts, FileDraft, ResponseTimes, Terms
from belvedere.domains.equipment.kinds import Kind, kind_of_thing, kinds
from belvedere.domains.equipment.policies import Thing, may
from belvedere.domains.equipment.queries import (
    Wanted,
    at_code,
    could_stand_under,
    equipment,
    listed,
    tallies,
)
from belvedere.domains.equipment.sheets import public as sheets
from belvedere.domains.equipment.state_actions import (
    end_maintenance,
    put_back_in_service,
    put_under_maintenance,
    take_out_of_service,
)
from belvedere.domains.equipment.states import STATE_NAMES, State, Step
from belvedere.domains.equipment.views import (
    Ancestor,
    ContractView,
    DocumentView,
    EquipmentView,
    Known,
    MaintenanceView,
    Opened,
    Row,
    Tallies,
    Under,
)

__all__ = [
    "STATE_NAMES",
    "Ancestor",
    "ContractView",
    "DocumentView",
    "EquipmentDraft",
    "EquipmentView",
    "Facts",
    "FileDraft",
    "Kind",
    "Known",
    "MaintenanceView",
    "Opened",
    "ResponseTimes",
    "Row",
    "State",
    "Step",
    "Tallies",
    "Terms",
    "Thing",
    "Under",
    "Wanted",
    "add_contract_document",
    "add_document",
    "add_photo",
    "all_below",
    "at_code",
    "by_thing",
    "change_contract",
    "change_equipment",
    "children_of",
    "contract",
    "contracts",
    "could_stand_under",
    "due",
    "end_contract",
    "end_maintenance",
    "equipment",
    "kind_of_thing",
    "kinds",
    "known",
    "link_thing",
    "listed",
    "make_contract",
    "may",
    "move_under",
    "open_document",
    "put_back_in_service",
    "put_under_maintenance",
    "register_equipment",
    "register_many",
    "remove_contract_document",
    "remove_document",
    "remove_equipment",
    "sheets",
    "take_out_of_service",
    "tallies",
    "things_above",
    "things_below",
    "things_under_maintenance",
    "under_maintenance",
]

"""Words of the domains as values of the interface: what is allowed is told by the document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, TypeVar

from pydantic import Field

from belvedere.domains.automation import public as automation
from belvedere.domains.commands import public as commands
from belvedere.domains.equipment import public as equipment
from belvedere.domains.interventions import public as interventions
from belvedere.domains.logbook import public as logbook
from belvedere.domains.scenes import public as scenes
from belvedere.kernel.severity import Severity

T = TypeVar("T")


def one_of(words: Iterable[str]) -> Any:
    """A field that is one of these words. The enums of two domains may share a name, so none is shown."""
    known = [str(one) for one in words]
    return Field(pattern=f"^({'|'.join(known)})$", json_schema_extra={"enum": list(known)})


SeverityName = Annotated[str, one_of(one.name.lower() for one in Severity)]
EquipmentState = Annotated[str, one_of(equipment.State)]
AlarmStateName = Annotated[str, one_of(automation.AlarmState)]
AlarmAct = Annotated[str, one_of(automation.Act)]
InterventionState = Annotated[str, one_of(interventions.State)]
InterventionKind = Annotated[str, one_of(interventions.Kind)]
InterventionAct = Annotated[str, one_of(interventions.Act)]
ContractStep = Annotated[str, one_of(equipment.Step)]
CommandState = Annotated[str, one_of(commands.State)]
CommandAct = Annotated[str, one_of(commands.Act)]
CommandKind = Annotated[str, one_of(commands.kinds())]
ConfidenceName = Annotated[str, one_of(scenes.Confidence)]
LogCategory = Annotated[str, one_of(logbook.Category)]
Slug = Annotated[str, Field(max_length=60, pattern="^[a-z0-9-]*$")]


def severity_of(name: str) -> Severity:
    return Severity[name.upper()]


def severity_name(severity: Severity) -> str:
    return severity.name.lower()

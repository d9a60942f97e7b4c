"""All that is followed on a measure, as far as the actor may know; the indicators of a territory."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q

from belvedere.domains.access.public import Actor, names_of
from belvedere.domains.plans.errors import NoSuchMeasure
from belvedere.domains.plans.follow.documents import is_inside
from belvedere.domains.plans.follow.effects import effects_of, indicator_view, said
from belvedere.domains.plans.follow.indicators import may_define, redefinable
from belvedere.domains.plans.follow.linking import SYMMETRIC
from belvedere.domains.plans.follow.views import (
    ActorView,
    DecisionView,
    DocumentView,
    Followed,
    IndicatorView,
    LinkView,
    MilestoneView,
    PublicSteps,
    QuantityView,
    RiskView,
    VersionView,
    Way,
)
from belvedere.domains.plans.models import (
    Decision,
    Document,
    Indicator,
    Measure,
    MeasureActor,
    MeasureIndicator,
    MeasureLink,
    Milestone,
    Quantity,
    Risk,
)
from belvedere.domains.plans.policies import may, sees, visible
from belvedere.domains.plans.states import Implementation
from belvedere.domains.plans.vocabulary import (
    ActorRole,
    DecisionType,
    DocumentType,
    LinkType,
    MilestoneType,
    QuantityUnit,
    RiskKind,
)
from belvedere.domains.plans.writing import thing_of
from belvedere.domains.territory.public import name_in, organisations_by_id
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_
from belvedere.kernel.money import Kind, Money, Vat


def followed(actor: Actor, measure_id: UUID, language: str, *, territory_id: UUID | None = None) -> Followed:
    """Links, actors, milestones, quantities, risks, decisions, documents and effects of the measure.

    Raises:
        NoSuchMeasure: there is none, or the actor may not know of it.
    """
    measure = _measure(actor, measure_id, territory_id)
    inside = is_inside(actor, measure)
    able = {verb for verb in ("edit", "publish") if may(actor, verb, thing_of(measure)) is None}
    documents = _documents(measure, inside, able)
    return Followed(
        measure_id=measure.pk,
        version=measure.version,
        inside=inside,
        may_edit="edit" in able,
        may_publish="publish" in able,
        may_define=may_define(actor, measure.territory_id) is None,
        links=_links(actor, measure, language, inside, "edit" in able),
        actors=_actors(measure, language, inside),
        milestones=_milestones(measure, language),
        quantities=tuple(
            _quantity(row, language) for row in Quantity.objects.filter(measure=measure).order_by("id")
        ),
        risks=_risks(measure, language) if inside else (),
        decisions=_decisions(measure, language, inside, documents),
        documents=documents,
        removed_documents=_documents(measure, inside, able, removed=True) if "edit" in able else (),
        effects=effects_of(measure, language, inside),
    )


def documents_public(measure_id: UUID, *, territory_id: UUID | None = None) -> tuple[DocumentView, ...]:
    """What everyone may open of a published measure: its public documents, each in its latest version."""
    measure = _measure(Actor.public(), measure_id, territory_id)
    return _documents(measure, False, set())


def public_steps(measure_ids: Collection[UUID]) -> dict[UUID, PublicSteps]:
    """The milestones and public documents of each of these measures that is published, read at once."""
    shown = Measure.objects.filter(pk__in=measure_ids, published=True).values_list("pk", flat=True)
    milestones: dict[UUID, list[MilestoneView]] = {pk: [] for pk in shown}
    documents: dict[UUID, dict[UUID, str]] = {pk: {} for pk in milestones}
    day = today()
    for row in Milestone.objects.filter(measure_id__in=milestones).order_by("pk"):
        milestones[row.measure_id].append(_milestone(row, "", day))
    public = Document.objects.filter(measure_id__in=milestones, removed_at__isnull=True, public=True)
    for measure_id, pk, title in public.order_by("title", "id").values_list("measure_id", "pk", "title"):
        documents[measure_id][pk] = title
    return {pk: PublicSteps(tuple(milestones[pk]), documents[pk]) for pk in milestones}


def indicators_of(actor: Actor, territory_id: UUID, language: str) -> tuple[IndicatorView, ...]:
    """The indicators defined in the territory, by name; `uses` counts what the actor may see."""
    rows = Indicator.objects.filter(territory_id=territory_id)
    shown = Measure.objects.filter(visible(actor, territory_id))
    used = MeasureIndicator.objects.filter(indicator__in=rows, measure__in=shown)
    uses = dict(used.values_list("indicator_id").annotate(Count("pk")))
    able = redefinable(actor, territory_id)
    views = [
        indicator_view(row, language, uses=uses.get(row.pk, 0), may_change=able.get(row.pk, False))
        for row in rows
    ]
    return tuple(sorted(views, key=lambda view: (view.name.text.casefold(), view.code)))


def _measure(actor: Actor, measure_id: UUID, territory_id: UUID | None) -> Measure:
    rows = Measure.objects.filter(pk=measure_id)
    if territory_id is not None:
        rows = rows.filter(territory_id=territory_id)
    measure = rows.first()
    if measure is None or not sees(actor, thing_of(measure)):
        raise NoSuchMeasure(N_("There is no such measure, or it is not published."))
    return measure


def _links(actor: Actor, measure: Measure, language: str, inside: bool, able: bool) -> tuple[LinkView, ...]:
    """Both ways; what the actor may not see at the other end is not there, not even its title."""
    rows = list(MeasureLink.objects.filter(Q(source=measure) | Q(target=measure)).order_by("type", "pk"))
    ends = {row.source_id for row in rows} | {row.target_id for row in rows}
    others = {
        other.pk: other
        for other in Measure.objects.filter(visible(actor, measure.territory_id), pk__in=ends)
        .select_related("figures")
        .only("title", "implementation", "figures__codes")
    }
    views = []
    for row in rows:
        states_it = row.source_id == measure.pk
        other = others.get(row.target_id if states_it else row.source_id)
        if other is None:
            continue
        type_ = LinkType(row.type)
        figures = getattr(other, "figures", None)
        views.append(
            LinkView(
                id=row.pk,
                type=type_,
                way=Way.BOTH if type_ in SYMMETRIC else Way.OUT if states_it else Way.IN,
                measure_id=other.pk,
                title=said(other.title, language),
                codes=figures.codes if figures else "",
                implementation=Implementation(other.implementation),
                note=row.note if inside else "",
                lag_months=row.lag_months,
                removable=able and states_it,
            )
        )
    return tuple(views)


def _actors(measure: Measure, language: str, inside: bool) -> tuple[ActorView, ...]:
    """Who plays which part; outsiders see the organisations, never the people."""
    rows = list(MeasureActor.objects.filter(measure=measure))
    bodies = organisations_by_id(row.organisation_id for row in rows if row.organisation_id)
    names = names_of({row.person_id for row in rows if row.person_id}) if inside else {}
    day = today()
    views = []
    for row in rows:
        body = bodies.get(row.organisation_id) if row.organisation_id else None
        label = row.label if inside else ""
        person = row.person_id if row.person_id in names else None  # an erased person has no name
        if body is None and person is None and not label:
            continue
        views.append(
            ActorView(
                id=row.pk,
                role=ActorRole(row.role),
                organisation_id=row.organisation_id,
                organisation=name_in(body.names, language) if body else "",
                name=names[person] if person else label,
                person_id=person,
                label=label,
                since=row.since,
                until=row.until,
                present=(row.since is None or row.since <= day) and (row.until is None or day <= row.until),
            )
        )
    order = list(ActorRole)
    return tuple(sorted(views, key=lambda view: (not view.present, order.index(view.role), view.id)))


def _milestones(measure: Measure, language: str) -> tuple[MilestoneView, ...]:
    day = today()
    views = [_milestone(row, language, day) for row in Milestone.objects.filter(measure=measure)]
    return tuple(sorted(views, key=lambda view: (view.expected or date.max, str(view.id))))


def _milestone(row: Milestone, language: str, day: date) -> MilestoneView:
    awaited = row.forecast or row.planned
    seen = row.actual or row.forecast
    return MilestoneView(
        id=row.pk,
        type=MilestoneType(row.type),
        title=said(row.title, language),
        planned=row.planned,
        forecast=row.forecast,
        actual=row.actual,
        late=row.actual is None and awaited is not None and awaited < day,
        slip_days=(seen - row.planned).days if seen and row.planned else None,
    )


def _quantity(row: Quantity, language: str) -> QuantityView:
    known = row.realised is not None and row.planned > 0
    share = (row.realised or Decimal(0)) / row.planned if known else None
    return QuantityView(
        id=row.pk,
        unit=QuantityUnit(row.unit),
        label=said(row.label, language),
        planned=row.planned,
        realised=row.realised,
        share=None if share is None else share.quantize(Decimal("0.0001")),
    )


def _risks(measure: Measure, language: str) -> tuple[RiskView, ...]:
    views = [
        RiskView(
            id=row.pk,
            kind=RiskKind(row.kind),
            description=said(row.description, language),
            probability=row.probability,
            impact=row.impact,
            weight=row.probability * row.impact,
            mitigation=said(row.mitigation, language),
            closed_on=row.closed_on,
        )
        for row in Risk.objects.filter(measure=measure)
    ]
    return tuple(sorted(views, key=lambda view: (view.closed_on is not None, -view.weight, str(view.id))))


def _decisions(
    measure: Measure, language: str, inside: bool, documents: tuple[DocumentView, ...]
) -> tuple[DecisionView, ...]:
    known: Mapping[UUID, DocumentView] = {document.id: document for document in documents}
    views = []
    for row in Decision.objects.filter(measure=measure).order_by("-dated", "-id"):
        document = known.get(row.document_id) if row.document_id else None
        if document is None and not inside:
            continue  # what was decided is public when its document is
        kind = Kind(row.currency, Vat(row.vat), row.price_base) if row.amount is not None else None
        views.append(
            DecisionView(
                id=row.pk,
                type=DecisionType(row.type),
                body=row.body,
                dated=row.dated,
                title=said(row.title, language),
                amount=Money(row.amount, kind) if row.amount is not None and kind else None,
                document=document,
            )
        )
    return tuple(views)


def _documents(
    measure: Measure, inside: bool, able: set[str], *, removed: bool = False
) -> tuple[DocumentView, ...]:
    rows = Document.objects.filter(measure=measure, removed_at__isnull=not removed).order_by("title", "id")
    if not inside:
        rows = rows.filter(public=True)
    views = []
    for row in rows.prefetch_related("versions"):
        versions = sorted(row.versions.all(), key=lambda version: -version.number)
        shown = [
            VersionView(
                version.number,
                version.file_name,
                version.media_type,
                version.size_bytes,
                version.content_id,
                version.added_at,
            )
            for version in (versions if inside else versions[:1])
        ]
        views.append(
            DocumentView(
                id=row.pk,
                type=DocumentType(row.type),
                title=row.title,
                public=row.public,
                versions=tuple(shown),
                may_change="edit" in able and (not row.public or "publish" in able),
                removed_at=row.removed_at,
            )
        )
    return tuple(views)

"""Reads of packs: what each would make of this territory, what it made, what is different by now."""

from __future__ import annotations

from collections.abc import Collection

from belvedere.domains.access.public import Actor
from belvedere.domains.automation import public as automation
from belvedere.domains.automation.public import Body, RuleView
from belvedere.domains.packs.models import Made, Notice, Switched
from belvedere.domains.packs.policies import require
from belvedere.domains.packs.tables import Pack, PackRule, pack, packs
from belvedere.domains.packs.views import NeedMet, NoticeDraft, NoticeView, RuleOf, Shown
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin.public import expand_term, things_of_kinds, watchable
from belvedere.kernel.clock import today

_FIELDS = tuple(NoticeDraft.__dataclass_fields__)


def shown(actor: Actor, territory: TerritoryView, slug: str) -> Shown:
    """A pack in a territory; NoSuchPack, Refused."""
    require(actor, "view", territory.id)
    return _shown(actor, territory, [pack(slug)])[0]


def all_shown(actor: Actor, territory: TerritoryView) -> list[Shown]:
    """Every pack in a territory; Refused."""
    require(actor, "view", territory.id)
    return _shown(actor, territory, list(packs().values()))


def notices(actor: Actor, territory: TerritoryView) -> list[NoticeView]:
    """The register of cameras; Refused."""
    require(actor, "view", territory.id)
    rows = Notice.objects.filter(territory_id=territory.id, removed_at__isnull=True).order_by("camera", "id")
    day = today(territory.zone)
    found = []
    for row in rows:
        misses = [] if row.sign_since and row.sign_since <= day else ["sign"]
        misses += [] if row.reference else ["reference"]
        misses += ["validity"] if row.valid_until and row.valid_until < day else []
        draft = NoticeDraft(**{name: getattr(row, name) for name in _FIELDS})
        found.append(NoticeView(int(row.pk), draft, tuple(misses)))
    return found


def pack_of_rule(rule_id: int) -> Pack | None:
    """The pack from which a rule came; None for one that people wrote."""
    made = Made.objects.filter(rule_id=rule_id).select_related("switched").first()
    return packs().get(made.switched.pack) if made is not None else None


def _shown(actor: Actor, territory: TerritoryView, some: Collection[Pack]) -> list[Shown]:
    rows = {row.pack: row for row in Switched.objects.filter(territory_id=territory.id)}
    made = {
        (one.switched.pack, one.key): one
        for one in Made.objects.filter(switched__territory_id=territory.id).select_related("switched")
    }
    theirs = {one.id: one for one in automation.rules(actor, territory.id)}
    tells = _tells(territory, some)
    found = []
    for one in some:
        row = rows.get(one.slug)
        found.append(
            Shown(
                pack=one,
                is_on=row is not None and row.is_on,
                changed_at=row.changed_at if row else None,
                version=row.version if row else None,
                needs=tuple(
                    NeedMet(need, tells.things(need.kind), tells.ready(need.kind, need.attributes))
                    for need in one.needs
                ),
                rules=tuple(
                    _rule(territory, one, rule, made.get((one.slug, rule.key)), theirs, tells)
                    for rule in one.rules
                ),
            )
        )
    return found


class _Told:
    """Which attributes the things of some kinds tell."""

    def __init__(self, terms: dict[str, list[frozenset[str]]], counts: dict[str, int]) -> None:
        self._terms, self._counts = terms, counts

    def things(self, kind: str) -> int:
        return self._counts.get(kind, 0)

    def ready(self, kind: str, attributes: Collection[str]) -> int:
        return sum(one.issuperset(attributes) for one in self._terms.get(kind, ()))


def _tells(territory: TerritoryView, some: Collection[Pack]) -> _Told:
    wanted: dict[str, set[str]] = {}
    for one in some:
        for need in one.needs:
            wanted.setdefault(need.kind, set()).update(need.attributes)
        for rule in one.rules:
            terms = {clause.attribute for clause in rule.body("fr").clauses}
            wanted.setdefault(rule.kind, set()).update(terms)
    names = {expand_term(kind, term): term for kind, terms in wanted.items() for term in terms}
    told: dict[str, list[frozenset[str]]] = {}
    for thing in watchable(territory.id, kinds=set(wanted), types=(), attributes=set(names)):
        known = frozenset(names[name] for name, one in thing.series.items() if one.observed_at is not None)
        told.setdefault(thing.kind, []).append(known)
    return _Told(told, things_of_kinds(territory.id, set(wanted)))


def _rule(
    territory: TerritoryView,
    one: Pack,
    rule: PackRule,
    made: Made | None,
    theirs: dict[int, RuleView],
    tells: _Told,
) -> RuleOf:
    view = theirs.get(made.rule_id) if made is not None else None
    body = rule.body(territory.languages[0])
    return RuleOf(
        rule=rule,
        things=tells.ready(rule.kind, {clause.attribute for clause in body.clauses}),
        view=view,
        is_adapted=view is not None and not (_same(view.body, body) and view.severity is rule.severity),
        is_older=made is not None and view is not None and made.version < one.version,
    )


def _same(mine: Body, theirs: Body) -> bool:
    """Whether two bodies watch the same in the same way; what to do may be worded otherwise."""
    return _without_words(mine) == _without_words(theirs)


def _without_words(body: Body) -> Body:
    """The body without its words."""
    return automation.body_from({**automation.body_as_json(body), "advice": ""})

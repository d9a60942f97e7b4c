"""From a row to a verdict: who owns it, which measure it is, what it changes, what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from belvedere.domains.plans.sheets import amounts, forms, money_parts, native, parsing, parts
from belvedere.domains.plans.sheets.context import Context
from belvedere.domains.plans.sheets.decisions import NEW, Decisions
from belvedere.domains.plans.sheets.fields import IMPLEMENTATION_WORDS, LEVEL_WORDS
from belvedere.domains.plans.sheets.forms import Group
from belvedere.domains.plans.sheets.mapping import Mapping
from belvedere.domains.plans.sheets.parsing import clean
from belvedere.domains.plans.sheets.reading import LONGEST_CELL, Table
from belvedere.domains.plans.sheets.records import FieldChange, Record, changes, summary
from belvedere.domains.plans.sheets.verdicts import Judged, Problem, Row, Verdict
from belvedere.domains.plans.sheets.world import SURE, World
from belvedere.domains.plans.states import PHASE_SCHEMES, SCHEME_OF_COUNTRY
from belvedere.domains.plans.values import LONGEST_TITLE
from belvedere.domains.territory.public import OrganisationDraft, OrganisationKind, places
from belvedere.kernel.errors import N_
from belvedere.kernel.identifiers import fold
from belvedere.kernel.texts import text_in

_IMPLEMENTATION = {word: state for state, words in IMPLEMENTATION_WORDS.items() for word in words}
_LEVELS = {word: level for level, words in LEVEL_WORDS.items() for word in words}

# What lines of one measure must say alike; of a description the first is taken.
TEXTS_OF_A_MEASURE = frozenset(
    {
        "title",
        "owner_name",
        "owner_code",
        "plan",
        "plan_code",
        "are_code",
        "priority",
        "category",
        "kind",
        "implementation",
        "phase",
        "currency",
        "start",
        "end",
    }
)


class Judge:
    """Judges the rows of `table`. What `context` then holds as new is to be created first."""

    def __init__(
        self, table: Table, mapping: Mapping, decisions: Decisions, world: World, *, source: str, today: date
    ) -> None:
        self.table, self.mapping, self.decisions, self.world = table, mapping, decisions, world
        self.context = Context(table, mapping, decisions, world, source=source, today=today)
        self.columns: dict[str, list[int]] = {}
        for at, column in enumerate(mapping.columns):
            if column.field:
                self.columns.setdefault(column.field, []).append(at)
        self.native = native.NativeReader(table, mapping, self.context) if mapping.native else None
        self._seen: dict[str, int] = {}
        self._left = frozenset(decisions.left_out)

    def judge_all(self) -> list[Judged]:
        """Every row, in order."""
        return self.judge(forms.groups(self.table, self.mapping))

    def judge(self, found: Sequence[Group]) -> list[Judged]:
        read = [self._read(group) for group in found]
        wanted = {row.out.measure_id for row in read if row.out.measure_id is not None}
        self.world.know({pk for pk in wanted if pk in self.world.measure_ids})
        for row in read:
            self._decide(row)
        self._note_alike(read)
        return [row.out for row in read]

    # ---------------------------------------------------------------- reading a row
    def _read(self, group: Group) -> Row:
        line = group.line
        out = Judged(line, group.cells, others=group.others)
        row = Row(line, group.cells, self.decisions, self.columns, out)
        if group.others:
            row.others = tuple(
                Row(at, cells, self.decisions, self.columns, out)
                for at, cells in group.others
                if at not in self._left
            )
            self._compare(row)
        if line in self._left:
            out.verdict = Verdict.LEFT_OUT
            out.title = row.text("title")[:LONGEST_TITLE]
            return row
        for one in row.each:
            self._refuse_long(one)
        key = row.text("external_id") or row.text("belvedere_id")
        out.key = row.text("plan_code") or key
        if self.native is not None:
            out.measure_id = self.native.identify(row)
        else:
            out.measure_id = self._identify(row)
        self._refuse_twice(row, key)
        return row

    def _refuse_long(self, row: Row) -> None:
        if self.native is not None:
            return
        for at, cell in enumerate(row.cells):
            if isinstance(cell, str) and len(cell) > LONGEST_CELL and self.mapping.columns[at].field:
                row.problem(
                    "cell_too_long",
                    self.mapping.columns[at].field,
                    N_("The cell holds {length} characters; at most {limit} are read. Shorten it."),
                    data={"length": len(cell), "limit": LONGEST_CELL},
                    at=at,
                    offer="value",
                )

    def _compare(self, row: Row) -> None:
        """Lines of one measure that contradict each other: a person says which text holds."""
        for name, at_all in self.columns.items():
            if name not in TEXTS_OF_A_MEASURE:
                continue
            for at in at_all:
                if row.decisions.cell(row.line, f"{name}@{at}") is not None:
                    continue
                met: dict[str, tuple[int, str]] = {}
                for one in row.each:
                    text = clean(one.own(name, at))
                    if text:
                        met.setdefault(fold(text), (one.line, text))
                if len(met) > 1:
                    row.problem(
                        "lines_differ",
                        name,
                        N_("The lines of this measure differ here: {texts}. Which one holds?"),
                        data={"texts": [f"{text} ({line})" for line, text in list(met.values())[:6]]},
                        at=at,
                        offer="pick",
                        choices=tuple((text, text) for _, text in list(met.values())[:12]),
                    )

    def _identify(self, row: Row) -> UUID | None:
        external = row.text("external_id")
        if external:
            return self.world.by_external.get(external)
        code = row.text("plan_code")
        plan = self.context.plan_of(row)
        if code and plan:
            return self.world.by_code.get((plan, code))
        return None

    def _refuse_twice(self, row: Row, key: str) -> None:
        """The same stable name on two lines: only the first can be meant."""
        field = "external_id"
        if not key:
            key, field = row.text("plan_code"), "plan_code"
            key = key and f"{self.context.plan_of(row)}\0{key}"
        if not key:
            return
        first = self._seen.setdefault(key, row.line)
        if first != row.line:
            row.problem(
                "duplicate_id",
                field,
                N_("Line {line} already bears this identifier. Give this one another, or leave it out."),
                data={"line": first},
                offer="value",
            )

    # ---------------------------------------------------------------- deciding
    def _decide(self, row: Row) -> None:
        out = row.out
        if out.verdict is Verdict.LEFT_OUT:
            return
        present: Record | None = None
        if out.measure_id is not None and out.measure_id in self.world.present:
            present, out.version = self.world.present[out.measure_id]
        elif self.native is None:
            out.measure_id = None
        wanted = self.native.wanted(row, present) if self.native is not None else self._wanted(row, present)
        out.title = text_in(wanted.title, self.world.territory.languages[0])[:LONGEST_TITLE]
        out.owner, out.owner_name = wanted.owner, self.context.owner_label(wanted.owner)
        if not self._allowed(row, present, wanted):
            out.verdict = Verdict.LEFT_OUT
            return
        if present is not None:
            out.changes = tuple(self._worded(change) for change in changes(present, wanted))
            self._check_both_changed(row, present, wanted)
        if out.blocked:
            out.verdict = Verdict.FIX
            if present is None and row.others:
                out.changes = summary(wanted, out.owner_name)
        elif present is None:
            out.verdict, out.changes = Verdict.CREATE, summary(wanted, out.owner_name)
            if not wanted.sites:
                row.warn(
                    "no_site", "sites", N_("Without a place on the map: its site can be drawn afterwards.")
                )
        else:
            out.verdict = Verdict.CHANGE if out.changes else Verdict.SAME
        out.record = wanted

    def _worded(self, change: FieldChange) -> FieldChange:
        """`change` with organisations and places by their names."""
        if change.field == "places":
            return FieldChange("places", _place_names(change.before), _place_names(change.after))
        if change.field != "owner" and not change.field.endswith(":organisation"):
            return change
        return FieldChange(
            change.field, self.context.owner_label(change.before), self.context.owner_label(change.after)
        )

    def _allowed(self, row: Row, present: Record | None, wanted: Record) -> bool:
        allowed = True
        for owner in {wanted.owner, present.owner if present else wanted.owner} - {""}:
            reason = self.world.refusal(owner)
            if reason is not None:
                row.warn("not_yours", "owner_name", reason, data={"owner": self.context.owner_label(owner)})
                allowed = False
        return allowed

    def _check_both_changed(self, row: Row, present: Record, wanted: Record) -> None:
        """A sheet exported before someone changed the measure here: a person says which side holds."""
        out = row.out
        if not out.changes or not row.has("version"):
            return
        try:
            exported = parsing.number(row.raw("version"))
        except parsing.Unreadable:
            return
        if exported is None or out.version is None or int(exported) >= out.version:
            return
        side = self.decisions.sides.get(str(row.line)) or self.decisions.groups.get("changed_here:version:")
        if side == "belvedere":
            out.changes, out.record = (), present
        elif side != "sheet":
            row.problem(
                "changed_here",
                "version",
                N_("Changed in Belvédère since the sheet was exported (version {sheet}, now {here})."),
                data={"sheet": int(exported), "here": out.version},
                offer="side",
            )

    def _wanted(self, row: Row, present: Record | None) -> Record:
        """What the measure should be: the present record with what the row says laid over it."""
        base = present or Record(phase_scheme=SCHEME_OF_COUNTRY.get(self.world.territory.country, "sia112"))
        said: dict[str, object] = {}
        owner = self._owner(row)
        if owner is not None:
            said["owner"] = owner
        elif present is None:
            said["owner"] = ""
        said.update(self._words(row, base))
        said.update(parts.texts(self.context, row, base, owner))
        said.update(money_parts.money(self.context, row, base))
        said.update(parts.plan(self.context, row, base))
        said.update(parts.works(self.context, row, base))
        said.update(parts.where(self.context, row, base))
        if row.has("external_id") and row.text("external_id"):
            said["external_id"] = row.text("external_id")[:120]
        return msgspec.structs.replace(base, **said)

    def _words(self, row: Row, base: Record) -> dict[str, object]:
        """Cells that take one of a vocabulary."""
        said: dict[str, object] = {}
        if word := row.text("category"):
            said["category"] = self.context.category(row, word)
        if word := row.text("implementation"):
            state = _IMPLEMENTATION.get(fold(word)) or (word if word in IMPLEMENTATION_WORDS else None)
            if state is None:
                row.warn(
                    "state_unknown", "implementation", N_("This state is not known: it is left as it was.")
                )
            else:
                said["implementation"] = state
        if word := row.text("phase"):
            steps = PHASE_SCHEMES[base.phase_scheme]
            found = next((s.code for s in steps if fold(word) in (fold(s.code), fold(s.label))), None)
            if found is None:
                row.warn("phase_unknown", "phase", N_("This phase is not known: it is left as it was."))
            else:
                said["phase"] = found
        if word := fold(row.text("published")):
            said["published"] = word in ("1", "oui", "ja", "yes", "true", "vrai", "wahr", "x")
        return said

    # ---------------------------------------------------------------- owners
    def _owner(self, row: Row) -> str | None:
        """The owner's identifier, "new:…" when it is to be created, None with a problem noted."""
        code, name = row.text("owner_code"), row.text("owner_name")
        settings = self.mapping.settings
        if not code and not name:
            if settings.owner:
                return settings.owner
            if row.has("owner_code") or row.has("owner_name"):
                row.problem(
                    "owner_missing",
                    "owner_name" if row.has("owner_name") else "owner_code",
                    N_("No owner on this line. Choose who carries the measure."),
                    offer="choose",
                    group="",
                )
            return None
        if found := self.world.codes.get(code):
            return found
        word = fold(name or code)
        decided = self.decisions.word("owner", word) or self.world.words.get(("owner", word))
        if decided and decided != NEW:
            return decided
        known = self.world.names.get(fold(name), []) if name and not (code and settings.create_owners) else []
        if len(known) == 1:
            return known[0]
        if decided == NEW or (settings.create_owners and code):
            return self._new_owner(row, code, name)
        return self._unknown_owner(row, name or code, word, bool(code))

    def _unknown_owner(self, row: Row, text: str, word: str, coded: bool) -> str | None:
        candidates = self.world.like_organisation(text)
        if candidates and candidates[0].score >= SURE:
            return str(candidates[0].id)
        row.problem(
            "owner_unknown",
            "owner_name" if row.has("owner_name") else "owner_code",
            N_("No organisation of the territory is called “{name}”."),
            data={"name": text},
            text=text,
            offer="choose",
            group=word,
            suggestion=NEW if self.world.governs else "",
            choices=tuple((str(c.id), c.name) for c in candidates),
        )
        return None

    def _new_owner(self, row: Row, code: str, name: str) -> str:
        key = f"new:{code or fold(name)}"
        if key not in self.context.new_owners:
            level = _LEVELS.get(fold(row.text("owner_level")))
            kind = OrganisationKind(level) if level in set(OrganisationKind) else _kind_of_code(code)
            language = self.world.territory.languages[0]
            self.context.new_owners[key] = OrganisationDraft(
                kind, {language: (name or code)[:200]}, code_scheme=_scheme_of(code), code=code
            )
        return key

    # ---------------------------------------------------------------- across rows
    def _note_alike(self, rows: list[Row]) -> None:
        pairs = [(r.line, (r.out.owner, fold(r.out.title))) for r in rows if r.out.owner and r.out.title]
        alike = amounts.common_lines(pairs)
        by_line = {line: lines for lines in alike.values() for line in lines}
        for row in rows:
            if row.line in by_line and row.out.verdict is not Verdict.LEFT_OUT:
                others = [line for line in by_line[row.line] if line != row.line][:8]
                row.out.problems.append(
                    Problem(
                        "same_title",
                        "title",
                        N_("Same owner and title on other lines: {lines}."),
                        data={"lines": others},
                        blocks=False,
                    )
                )


def _place_names(text: str) -> str:
    """The names of places that are written as identifiers."""
    found = places([UUID(word) for word in text.split(" · ") if word])
    return " · ".join(sorted(view.name for view in found.values()))


def _kind_of_code(code: str) -> OrganisationKind:
    if code.isdigit() and len(code) == 9:
        return OrganisationKind.INTERCOMMUNAL
    if 2 <= len(code) <= 3:
        return OrganisationKind.DEPARTMENT
    return OrganisationKind.COMMUNE


def _scheme_of(code: str) -> str:
    if not code:
        return ""
    if code.isdigit() and len(code) == 9:
        return "SIREN"
    if code.isdigit() and len(code) == 14:
        return "SIRET"
    if (
        (len(code) == 5 and code[0].isdigit())
        or (code[:2] in ("2A", "2B") and len(code) == 5)
        or len(code) in (2, 3)
    ):
        return "INSEE"
    return "BFS" if code.isdigit() else "LOCAL"

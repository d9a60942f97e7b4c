"""What a domain holds about people who have an account: found by the account, the same way everywhere."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from belvedere.domains.access.queries import person_by_email
from belvedere.duties.privacy.public import Basis, Held, Order, Outcome, Subject, by_table


class AccountSource(ABC):
    """A source of personal data whose rows name accounts; see `belvedere.duties.privacy.sources.Source`."""

    @abstractmethod
    def held(self, person_id: UUID) -> list[Held]:
        """Every row about the person."""

    @abstractmethod
    def let_go(self, person_id: UUID) -> list[Outcome]:
        """Erase what may be, and say what stays."""

    def find(self, subject: Subject) -> list[Held]:
        person_id = person_by_email(subject.email)
        return [] if person_id is None else self.held(person_id)

    def export(self, subject: Subject) -> Mapping[str, Any]:
        return by_table(self.find(subject))

    def rectify(self, subject: Subject, changes: Mapping[str, str], order: Order) -> list[Outcome]:
        """Nothing is corrected here: the account holds the name."""
        return []

    def erase(self, subject: Subject, order: Order) -> list[Outcome]:
        person_id = person_by_email(subject.email)
        return [] if person_id is None else self.let_go(person_id)


def staying(held: Iterable[Held], why: str, tables: Collection[str] | None = None) -> list[Outcome]:
    """That these rows (of `tables`, of all where None) stay without the name, which the account loses."""
    kept = Counter(one.table for one in held if tables is None or one.table in tables)
    return [Outcome(table, rows, why, Basis.PUBLIC_TASK) for table, rows in sorted(kept.items())]

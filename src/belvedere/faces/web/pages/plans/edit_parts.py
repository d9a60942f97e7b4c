"""The parts of a measure that can be edited: one table, a row for each.

A part is a form, a verb and, where plain fields are not enough, a template. To add one:

1. a form, a `ReasonForm` (in `forms` or a module of its own): `start` says what the fields show first,
   `prepare` adds those that depend on the measure; its cleaned data is what the verb takes. It also says
   the word on its `button`, whether it `is_danger`, a `remark` for the reader, the `HEADINGS` of groups of
   fields, and by `CHOOSER` and `ONLY` which fields belong to which choice of one field;
2. a function of the `Task` that calls a verb of the domain with `**task.common` (actor, measure, version,
   reason) and what `task.form` gives; the verb checks the right, the version and the business;
3. a row in one of the tables below, by subject. Its key is the word in the address (`…/edit/<key>/`) and in
   the page's `may.<key>`, the address for those who hold `right`; `anchor` is the section of the page to
   come back to;
4. a `template` only where fields one below the other do not do; it is put inside the form, and what it needs
   besides the texts comes from `form`;
5. for what a measure has several of: `of`, the list of the view or of what is followed in which it stands
   (its rows have an `id`), `named`, what a row is called, and `item`, whether the address may, must or
   cannot name one.

The preview of the effects, the conflict with another's change, the way back and the sentences beside the
fields are the same for all, in `editing`. What a part and a task are stands in `edit_task`.
"""

from __future__ import annotations

from belvedere.faces.web.pages.plans.edit_task import Item, Part, Task
from belvedere.faces.web.pages.plans.parts_essentials import ESSENTIALS
from belvedere.faces.web.pages.plans.parts_followed import FOLLOWED
from belvedere.faces.web.pages.plans.parts_listings import LISTINGS
from belvedere.faces.web.pages.plans.parts_money import MONEY

PARTS: dict[str, Part] = {**ESSENTIALS, **LISTINGS, **MONEY, **FOLLOWED}

__all__ = ["PARTS", "Item", "Part", "Task"]

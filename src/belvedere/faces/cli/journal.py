"""`belvedere journal …`: prove the journal, read it."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from django.utils.translation import gettext as _

app = typer.Typer(no_args_is_help=True, help="The journal: who did what, when, why.")
_BROKEN = 1


@app.command()
def verify(
    noted: Annotated[
        str | None, typer.Option(help="A head noted earlier, elsewhere: it must still be in the chain.")
    ] = None,
) -> None:
    """Walk the whole chain. Exit code 1 and the broken entry when something was changed."""
    from belvedere.duties.journal.public import verify as walk

    found = walk(noted=noted)
    if found.broken is not None:
        sentence = (
            _("Entry %(id)s was changed after it was written. The %(count)s entries before it are whole.")
            if found.broken.content
            else _("An entry before %(id)s was removed or put in. The first %(count)s entries are whole.")
        )
        typer.secho(
            sentence % {"id": found.broken.entry_id, "count": found.count}, err=True, fg=typer.colors.RED
        )
        raise typer.Exit(_BROKEN)
    if found.noted_found is False:
        typer.secho(
            _("The noted head is not in the chain: the last entries were removed, or it is another journal."),
            err=True,
            fg=typer.colors.RED,
        )
        raise typer.Exit(_BROKEN)
    typer.echo(_("The journal is whole: %(count)s entries.") % {"count": found.count})
    typer.echo(_("Head, to note elsewhere: %(head)s") % {"head": found.head})


@app.command()
def show(
    territory: Annotated[str | None, typer.Option(help="The slug of a territory; all without it.")] = None,
    verb: Annotated[str | None, typer.Option(help="A verb, or a domain with a dot: “plans.”")] = None,
    count: Annotated[int, typer.Option(min=1, max=500, help="How many, the newest first.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show the newest entries."""
    from belvedere.domains.territory.public import territory_by_slug
    from belvedere.duties.journal.public import Filters, entries_in
    from belvedere.kernel.paging import Window

    place = territory_by_slug(territory).id if territory else None
    page = entries_in(place, Window(0, count), Filters(verbs=[verb] if verb else []))
    for entry in page.rows:
        who = entry.actor_label or _("an erased person")
        if as_json:
            told = {
                "id": entry.id,
                "at": entry.at.isoformat(),
                "actor_id": str(entry.actor_id) if entry.actor_id else None,
                "actor": entry.actor_label,
                "verb": entry.verb,
                "subject": list(entry.subject),
                "before": entry.before,
                "after": entry.after,
                "reason": entry.reason,
                "request_id": entry.request_id,
                "hash": entry.hash,
            }
            typer.echo(json.dumps(told, ensure_ascii=False))
        else:
            typer.echo(f"{entry.id}  {entry.at:%Y-%m-%d %H:%M:%S}  {who}  {entry.verb}  {entry.subject[1]}")
            for name, before, after in entry.changes:
                typer.echo(f"      {name}: {before} → {after}")

"""Names short and long: @context (ETSI GS CIM 009, clauses 4.4, 5.5.5 to 5.5.7; JSON-LD 1.1).

What NGSI-LD needs of JSON-LD is done and no more: terms, prefixes, `@vocab`, contexts in lists, contexts by
URL. The core context comes last and cannot be redefined (clause 4.4). Where documents come from is the
caller's affair: a `Loader` gives the JSON of a URL or raises `LdContextNotAvailable`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.problems import BadRequestData, LdContextNotAvailable
from belvedere.standards.ngsi_ld.vocabulary import CORE_URL, core_terms

Loader = Callable[[str], dict[str, Any]]

_CORE = re.compile(r"https?://uri\.etsi\.org/ngsi-ld/v1/ngsi-ld-core-context(-v\d+\.\d+)?\.jsonld")
_PREFIX_ENDS = tuple(":/?#[]@")
_DEPTH = 8  # contexts that name contexts that name contexts
_TERMS = 20_000
_LINK = re.compile(r"<([^>]*)>((?:\s*;\s*[^,;]+)*)")
_CONTEXT_REL = "http://www.w3.org/ns/json-ld#context"


def is_core(url: str) -> bool:
    """Whether `url` names the core context, of whichever version: it is built in."""
    return _CORE.fullmatch(url) is not None


class Context:
    """Terms to IRIs and back. Immutable; `expand` and `compact` remember what they were asked."""

    __slots__ = ("_by_iri", "_compacted", "_expanded", "_prefixes", "_terms", "_vocab", "source")

    def __init__(self, terms: dict[str, str | None], vocab: str, source: Any) -> None:
        """`terms` are resolved: a term to an IRI, to a keyword, or to None (a term without meaning)."""
        self._terms = terms
        self._vocab = vocab
        self.source = source  # the value of @context as it was given
        by_iri: dict[str, str] = {}
        for term, iri in terms.items():
            if iri and iri[0] != "@":
                known = by_iri.get(iri)
                if known is None or (len(term), term) < (len(known), known):
                    by_iri[iri] = term
        self._by_iri = by_iri
        self._prefixes = sorted(
            ((iri, term) for term, iri in terms.items() if iri and iri.endswith(_PREFIX_ENDS)),
            key=lambda pair: (-len(pair[0]), pair[1]),
        )
        self._expanded: dict[str, str] = {}
        self._compacted: dict[str, str] = {}

    def expand(self, term: str) -> str:
        """The IRI of a term, of a prefixed name, or of an IRI; a keyword (`@type`) for its aliases."""
        known = self._expanded.get(term)
        if known is None:
            known = self._expand(term)
            if len(self._expanded) < _TERMS:
                self._expanded[term] = known
        return known

    def _expand(self, term: str) -> str:
        iri = self._terms.get(term)
        if iri is not None:
            return iri
        if term.startswith("@"):
            return term
        prefix, colon, rest = term.partition(":")
        if colon:
            if rest.startswith("//"):
                return term
            start = self._terms.get(prefix)
            return start + rest if start else term
        return self._vocab + term

    def compact(self, iri: str) -> str:
        """The shortest name of an IRI: its term, the rest after `@vocab`, a prefixed name, or itself."""
        known = self._compacted.get(iri)
        if known is None:
            known = self._compact(iri)
            if len(self._compacted) < _TERMS:
                self._compacted[iri] = known
        return known

    def _compact(self, iri: str) -> str:
        term = self._by_iri.get(iri)
        if term is not None:
            return term
        if self._vocab and iri.startswith(self._vocab):
            rest = iri[len(self._vocab) :]
            if rest and ":" not in rest and self.expand(rest) == iri:
                return rest
        for start, prefix in self._prefixes:
            if iri.startswith(start) and len(iri) > len(start):
                name = f"{prefix}:{iri[len(start) :]}"
                if not name.startswith(f"{prefix}://") and self.expand(name) == iri:
                    return name
        return iri


def _resolve(parts: dict[str, Any], source: Any) -> Context:
    """A context of definitions as they stand in JSON-LD, later ones having replaced earlier ones."""
    vocab = parts.get("@vocab") or ""
    raw: dict[str, str | None] = {}
    for term, meaning in parts.items():
        if term.startswith("@"):
            continue
        iri = meaning.get("@id", term if ":" in term else None) if isinstance(meaning, dict) else meaning
        if isinstance(meaning, dict) and "@id" not in meaning and ":" not in term:
            iri = vocab + term
        if iri is not None and not isinstance(iri, str):
            raise BadRequestData(N_("In the @context, “{term}” has no IRI."), term=term[:80])
        raw[term] = iri
    resolved: dict[str, str | None] = {}
    for term in raw:
        resolved[term] = _meaning(raw, raw[term], vocab, 0)
    return Context(resolved, vocab, source)


def _meaning(raw: dict[str, str | None], iri: str | None, vocab: str, depth: int) -> str | None:
    if iri is None or iri.startswith("@"):
        return iri
    prefix, colon, rest = iri.partition(":")
    if colon:
        start = raw.get(prefix)
        if rest.startswith("//") or start is None or start == iri or depth > _DEPTH:
            return iri
        begun = _meaning(raw, start, vocab, depth + 1)
        return (begun or "") + rest
    other = raw.get(iri)
    if other is not None and other != iri and depth <= _DEPTH:
        return _meaning(raw, other, vocab, depth + 1)
    return vocab + iri


def _gather(value: Any, loader: Loader, into: dict[str, Any], depth: int) -> None:
    if depth > _DEPTH:
        raise LdContextNotAvailable(N_("Contexts name each other in a circle or too deep."))
    if value is None:
        return
    if isinstance(value, list):
        for one in value:
            _gather(one, loader, into, depth)
    elif isinstance(value, str):
        if not is_core(value):
            _gather(_inside(loader(value), value), loader, into, depth + 1)
    elif isinstance(value, dict):
        if "@import" in value:
            _gather(value["@import"], loader, into, depth + 1)
        into.update(value)
        if len(into) > _TERMS:
            raise LdContextNotAvailable(N_("A @context may hold {most} terms."), most=_TERMS)
    else:
        raise BadRequestData(N_("“@context” is a URL, an object, or a list of these."))


def _inside(document: Any, url: str) -> Any:
    if not isinstance(document, dict) or "@context" not in document:
        raise LdContextNotAvailable(N_("What {url} gives is no JSON-LD context."), url=url)
    return document["@context"]


def _with_core(parts: dict[str, Any], source: Any) -> Context:
    core = core_terms()
    vocab = parts.get("@vocab")
    together = {**parts, **core}
    # Clause 4.4: core terms win; where names without meaning belong is the user's choice, if there is one.
    if isinstance(vocab, str):
        together["@vocab"] = vocab
    return _resolve(together, source)


@lru_cache(maxsize=1)
def core() -> Context:
    """The core context alone."""
    return _with_core({}, CORE_URL)


_built: dict[tuple[str, ...], Context] = {}
_MOST_BUILT: Final = 256


def build(value: Any, loader: Loader) -> Context:
    """The context for a value of `@context`: a URL, an object, a list of these, or None for the core alone.

    Contexts made of URLs only are built once; `forget` lets them go.
    """
    if value is None or (isinstance(value, str) and is_core(value)):
        return core()
    urls = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else ()
    named = bool(urls) and all(isinstance(one, str) for one in urls)
    if named:
        known = _built.get(urls)
        if known is not None:
            return known
    parts: dict[str, Any] = {}
    _gather(value, loader, parts, 0)
    context = _with_core(parts, value)
    if named:
        if len(_built) >= _MOST_BUILT:
            _built.pop(next(iter(_built)))
        _built[urls] = context
    return context


def forget() -> None:
    """Build contexts anew: one that was named changed or went."""
    _built.clear()


def link_header(url: str) -> str:
    """The Link header that names a context (clause 6.3.5)."""
    return f'<{url}>; rel="{_CONTEXT_REL}"; type="application/ld+json"'


def parse_link(header: str) -> str | None:
    """The URL of the context in a Link header, None if it names none (clause 6.3.5).

    Raises BadRequestData when there is more than one.
    """
    found = [
        match.group(1).strip()
        for match in _LINK.finditer(header)
        if _CONTEXT_REL in match.group(2).replace(" ", "")
    ]
    if len(found) > 1:
        raise BadRequestData(N_("A request names one @context in its Link header, not several."))
    if found and not re.fullmatch(r"https?://[^\s<>]+", found[0]):
        raise BadRequestData(N_("The @context in the Link header is not an HTTP address."))
    return found[0] if found else None

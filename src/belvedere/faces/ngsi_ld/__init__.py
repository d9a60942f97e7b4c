"""The door of NGSI-LD (ETSI GS CIM 009, clause 6): HTTP in, verbs of the domains, JSON-LD out.

It stands beside Django's handler and not behind it: no session, no middleware, no resolver, so that a write
costs what writing costs. Who asks is known by a token alone, as in `faces.rest`.
"""

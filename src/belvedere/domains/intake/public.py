"""THE DOOR of intake: every message from outside is taken once, and accounted for.

Words: message, reading set (the values of one device at one instant), outcome (stored, late, duplicate,
refused), ledger (the counts), dead letter (a refused message, kept as it came).
For any period: received = stored + late + duplicate + refused.
Not for: how messages reach the platform (faces.ingest), what the values mean (twin).
"""

__all__: list[str] = []

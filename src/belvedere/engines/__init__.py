"""The three engines: PostgreSQL, the bus (NATS) and the lake (DuckLake), embedded or external.

Not for business: nothing here knows a territory, a person or a measure, and nothing here needs Django.
"""

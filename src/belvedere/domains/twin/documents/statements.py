"""The statements that write things; each takes its rows as one JSON text."""

from __future__ import annotations

from belvedere.engines.wire import Statement

# How a value stands to the thresholds of its row: the rule of `present._SHOW`, to the letter.
_LEVEL = """
    CASE WHEN n.number <= a.alarm_low OR n.number >= a.alarm_high
            OR n.v -> 0 #>> '{}' = ANY(a.alarm_values) THEN 2
        WHEN n.number <= a.watch_low OR n.number >= a.watch_high
            OR n.v -> 0 #>> '{}' = ANY(a.watch_values) THEN 1
        ELSE 0 END
"""
_SAID = """
    id int8, kind text, value_kind text, number float8, v jsonb, unit text, observed_at timestamptz,
    received_at timestamptz, modified_at timestamptz, sub jsonb
"""
_NEW = f"""
    {_SAID}, entity_id int8, name text, term text, dataset_id text, created_at timestamptz, level int2,
    alarm_low float8, watch_low float8, watch_high float8, alarm_high float8,
    watch_values text[], alarm_values text[]
"""
_ADD = f"""
    INSERT INTO twin_attribute (id, entity_id, name, term, dataset_id, kind, value_kind, number, value, unit,
        observed_at, received_at, created_at, modified_at, note, level, sub,
        alarm_low, watch_low, watch_high, alarm_high, watch_values, alarm_values)
    SELECT n.id, n.entity_id, n.name, n.term, n.dataset_id, n.kind, n.value_kind, n.number, n.v -> 0, n.unit,
        n.observed_at, n.received_at, n.created_at, n.modified_at, '', n.level, n.sub,
        n.alarm_low, n.watch_low, n.watch_high, n.alarm_high, n.watch_values, n.alarm_values
    FROM json_to_recordset($1::json) AS n ({_NEW})
"""  # noqa: S608 (nothing in it comes from outside)
_THING = """
    id int8, urn text, types text[], kind text, names jsonb, owner_id uuid, visibility text, geometry text,
    longitude float8, latitude float8, west float8, south float8, east float8, north float8, place_id uuid,
    scopes text[], search text, created_at timestamptz, modified_at timestamptz, state text
"""
ADD = Statement(_ADD)
CHANGE = Statement(
    f"""
    UPDATE twin_attribute a
    SET kind = n.kind, value_kind = n.value_kind, number = n.number, value = n.v -> 0, unit = n.unit,
        observed_at = n.observed_at, received_at = n.received_at, modified_at = n.modified_at, note = '',
        sub = n.sub, level = {_LEVEL}
    FROM json_to_recordset($1::json) AS n ({_SAID}) WHERE a.id = n.id
    RETURNING json_build_array(a.id, a.entity_id, a.level)
    """  # noqa: S608
)
REMOVE = Statement("DELETE FROM twin_attribute WHERE id = ANY ($1::int8[])")
CREATE = Statement(
    f"""
    WITH things AS (
        INSERT INTO twin_entity (id, territory_id, urn, types, kind, names, owner_id, visibility, geometry,
            longitude, latitude, west, south, east, north, place_id, scopes, search, created_at, modified_at,
            state, state_since)
        SELECT n.id, $3::uuid, n.urn, n.types, n.kind, n.names, n.owner_id, n.visibility,
            decode(n.geometry, 'hex'), n.longitude, n.latitude, n.west, n.south, n.east, n.north, n.place_id,
            n.scopes, n.search, n.created_at, n.modified_at, n.state, n.created_at
        FROM json_to_recordset($2::json) AS n ({_THING})
        RETURNING id, created_at
    ), heard AS (
        INSERT INTO twin_heard (entity_id, last_seen_at) SELECT id, created_at FROM things
    )
    {_ADD}
    """  # noqa: S608
)
ALTER = Statement(
    f"""
    UPDATE twin_entity e
    SET types = n.types, kind = n.kind, names = n.names, geometry = decode(n.geometry, 'hex'),
        longitude = n.longitude, latitude = n.latitude, west = n.west, south = n.south, east = n.east,
        north = n.north, place_id = n.place_id, scopes = n.scopes, search = n.search,
        created_at = n.created_at, modified_at = n.modified_at
    FROM json_to_recordset($1::json) AS n ({_THING}) WHERE e.id = n.id
    """  # noqa: S608
)
TOUCH = Statement("UPDATE twin_entity SET modified_at = $2::timestamptz WHERE id = ANY ($1::int8[])")
HEAR = Statement(
    "INSERT INTO twin_heard (entity_id, last_seen_at) SELECT unnest($1::int8[]), $2::timestamptz"
    " ON CONFLICT (entity_id) DO UPDATE SET last_seen_at = excluded.last_seen_at"
)
PASS = Statement(
    """
    WITH n AS (SELECT * FROM unnest($1::int8[], $2::text[], $3::text[]) AS n (id, before, after)),
    went AS (UPDATE twin_entity e SET state = n.after, state_since = $4::timestamptz FROM n WHERE e.id = n.id)
    INSERT INTO twin_passage (entity_id, at, before, after)
    SELECT id, $4::timestamptz, before, after FROM n
    """
)
DROP = Statement(
    """
    WITH gone AS (SELECT unnest($1::int8[]) AS id),
    heard AS (DELETE FROM twin_heard USING gone WHERE entity_id = gone.id),
    passages AS (DELETE FROM twin_passage USING gone WHERE entity_id = gone.id),
    attributes AS (DELETE FROM twin_attribute USING gone WHERE entity_id = gone.id),
    devices AS (DELETE FROM twin_device USING gone WHERE entity_id = gone.id RETURNING 1),
    things AS (DELETE FROM twin_entity e USING gone WHERE e.id = gone.id)
    SELECT count(*) FROM devices
    """
)
ACTIVE = Statement(
    "SELECT key FROM twin_device WHERE entity_id = ANY ($1::int8[]) AND revoked_at IS NULL"
    " ORDER BY key LIMIT 5"
)

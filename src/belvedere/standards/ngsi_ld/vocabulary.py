"""The terms of the core @context (ETSI GS CIM 009, clauses 4.4 and annex B), as data of our own.

Terms whose IRI is the namespace and the term itself stand in `PLAIN`; `DIFFERENT` says what the others are;
`VOCAB_TYPED` those whose values are themselves terms.
"""

from __future__ import annotations

from typing import Any, Final

NAMESPACE: Final = "https://uri.etsi.org/ngsi-ld/"
DEFAULT: Final = NAMESPACE + "default-context/"
GEOJSON: Final = "https://purl.org/geojson/vocab#"
CORE_URL: Final = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld"


def _words(text: str) -> list[str]:
    return text.split()


PLAIN: Final = _words("""
Attribute AttributeList ContextSourceIdentity ContextSourceNotification ContextSourceRegistration Date
DateTime EntityMap EntityType EntityTypeInfo EntityTypeList ExecutionResultDetails GeoProperty JsonProperty
LanguageProperty ListProperty ListRelationship Notification Property Relationship Snapshot
SnapshotNotification Subscription TemporalProperty Time VocabProperty accept aggrParams aggrMethods
aggrPeriodDuration attributeCount attributeDetails attributeList attributeName attributeNames attributeTypes
attributes attrs avg cacheDuration collation contextSourceAlias contextSourceExtras contextSourceInfo
contextSourceTimeAt contextSourceUptime cooldown createdAt csf data datasetId deletedAt detail distinctCount
endAt endTimeAt endpoint entities entity entityCount entityId entityList error errors expandValues expiresAt
format geoQ geoproperty georel idPattern information instanceId isActive join jsonKeys jsonldContext jsons
lang lastFailure lastN lastNotification lastSuccess lastUsedAt linkedMaps localOnly location management
managementInterval max min mode modifiedAt ngsildConformance ngsildproof notification notificationTrigger
notifiedAt notifierInfo notUpdated observationInterval observationSpace observedAt omit operations
operationSpace orderBy ordering pick problemDetails propertyNames q reason receiverInfo refreshRate
registrationId registrationName relationshipNames resultStatus scope scopeQ showChanges snapshotId
snapshotLifetime snapshotPriority snapshotQueries snapshotQueriesDetails snapshotStatus
snapshotTemporalQueries snapshotTemporalQueriesDetails startAt status stddev subscriptionId subscriptionName
success sum sumsq sysAttrs temporalQ tenant throttling timeAt timeInterval timeout timeproperty timerel
timesFailed timesSent totalCount triggerReason typeList typeName typeNames unchanged unitCode updated uri
watchedAttributes
""")

DIFFERENT: Final[dict[str, str]] = {
    "id": "@id",
    "type": "@type",
    "ngsi-ld": NAMESPACE,
    "geojson": GEOJSON,
    **{
        name: GEOJSON + name
        for name in _words(
            "Feature FeatureCollection GeometryCollection LineString MultiLineString MultiPoint MultiPolygon "
            "Point Polygon bbox coordinates features geometry properties"
        )
    },
    "containedBy": NAMESPACE + "isContainedBy",
    "dataset": NAMESPACE + "hasDataset",
    "description": "http://purl.org/dc/terms/description",
    "title": "http://purl.org/dc/terms/title",
    "langString": "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",
    "entityMap": NAMESPACE + "hasEntityMap",
    "entityMapLifetime": NAMESPACE + "hasEntityMapLifetime",
    "joinLevel": NAMESPACE + "hasJoinLevel",
    "json": NAMESPACE + "hasJSON",
    "key": NAMESPACE + "hasKey",
    "previousJson": NAMESPACE + "hasPreviousJson",
    "splitEntities": NAMESPACE + "hasSplitEntities",
    **{
        name: f"{NAMESPACE}has{name[0].upper()}{name[1:]}"
        for name in _words(
            "languageMap languageMaps object objectList objectLists objects objectType previousLanguageMap "
            "previousObject previousObjectList previousValue previousValueList previousVocab value valueList "
            "valueLists values valueType vocab vocabs"
        )
    },
}


def core_terms() -> dict[str, Any]:
    """The core context as a JSON-LD context: term to IRI, and where bare names belong."""
    terms: dict[str, Any] = {name: NAMESPACE + name for name in PLAIN}
    terms.update(DIFFERENT)
    terms["@vocab"] = DEFAULT
    return terms

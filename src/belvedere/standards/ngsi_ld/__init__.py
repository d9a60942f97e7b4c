"""NGSI-LD (ETSI GS CIM 009): documents, contexts, queries and their algebra.

Everything inside is expanded: types and names of attributes are IRIs. `reading` lets documents in, `writing`
lets them out, `asking` says which are meant, `merging` changes them, `temporal` tells what they said before.
Nothing here knows where documents are kept. What is done and what is not, by clause, stands in
docs/reference/ngsi_ld.md.
"""

"""Changes as they happen, for the pages that are open: a process that browsers listen to (SSE).

Apart from the web server, so that hundreds of open pages take none of its threads. It knows no person and
reads no database: what it hears from the bus it passes on to whom a ticket allows. Not for reading how things
are.
"""

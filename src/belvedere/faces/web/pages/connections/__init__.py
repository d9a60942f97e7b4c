"""Pages on how uplinks come in and are read: network servers, decoders, the reading of one device."""

"""The Things Stack v3 (also The Things Network): its uplinks, by webhook or heard at its MQTT server."""

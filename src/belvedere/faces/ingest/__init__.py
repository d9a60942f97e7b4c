"""Messages from devices, as they come from the bus: a process that lets devices in and takes what they say.

Not for what a message is worth: that is the domain `intake`.
"""

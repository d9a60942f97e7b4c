"""The process that delivers notifications to the systems that subscribed them: `python -m
belvedere.faces.exchange`. Not for: messages to people (`faces.notices`), open pages (`faces.live`).
"""

"""Works that meet in space and time: sites near each other whose periods are close.

Values in, values out; not for what people decided about them (domains.coordination).
"""

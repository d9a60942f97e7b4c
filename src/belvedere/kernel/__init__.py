"""The words all of Belvédère shares. No Django, no tables, no business."""

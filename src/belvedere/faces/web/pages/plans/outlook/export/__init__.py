"""What an owner's cockpit shows, as files: a workbook with live formulas, a report to print, a CSV."""

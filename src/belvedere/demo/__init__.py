"""A small territory with invented content, filled through public doors only.

What is real: the shapes and names of the communes, their approximate population, the rivers. What is
invented: every measure, amount, date and person. Not for: tests of domains, which make their own.
"""

SLUG = "valais-central"

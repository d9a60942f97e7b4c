"""`python -m tests.journeys` fills the demo of the journeys for a later run, in BELVEDERE_TEST_FILLED."""

from tests.journeys.conftest import filled

if __name__ == "__main__":
    filled()

"""Pages of interventions: the office, the phone of an agent, the figures of contracts."""

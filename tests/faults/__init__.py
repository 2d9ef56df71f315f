"""The fault suite: load, one fault at a time, and a checker that counts (docs/faults.md)."""

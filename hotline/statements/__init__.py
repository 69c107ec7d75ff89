"""The urenstaat: evidence of a month, handed in by its person, agreed to by somebody else."""

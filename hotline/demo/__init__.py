"""Data to try everything with: fictional people, duties around the clock, questions asked and answered."""

"""Calendar programs that nobody here wrote, to read our feeds with: started by tests/rosters/feeds/test_clients.py."""

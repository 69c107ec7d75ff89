"""Calendar feeds: the address of one, who may read it, its text, and invitations by mail. A view of the duty table.

`rosters.services.feeds` writes what a feed keeps; `rosters.pages.feeds` serves it.
"""

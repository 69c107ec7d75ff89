"""Calendars at the border: what comes in is read-only and 'busy' alone is kept; what goes out is written elsewhere.

`decode` reads bytes, `guard` says which addresses may be asked, `fetch` asks them, `apart` reads in a process that can
be stopped. Nothing here knows a person or a duty.
"""

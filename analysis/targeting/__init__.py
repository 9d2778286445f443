"""Where outreach is needed next: how schools stand to what their size and phase let expect, and how sure that is.

`history` counts, `steadied` allows for chance, `bands` puts it into words, `where_next` makes the list.
"""

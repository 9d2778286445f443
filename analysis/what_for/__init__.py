"""What pupils are suspended for, and in which year groups: of a phase or a whole authority, in an academic year.

Ranges allow for pupils who are suspended again and again: one child can be many of the suspensions.
"""

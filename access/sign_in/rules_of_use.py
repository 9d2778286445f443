"""What everybody promises before they first see children's data."""

TITLE = "Before you start"
RULES = (
    "Look only at what your work asks for. Which pupils you look at is recorded, and administrators can see it.",
    "Do not share your password, your codes or your screen with anybody who may not see this data.",
    "Send nobody a download that names pupils, unless your authority’s rules for sharing data allow it.",
    "Lock your screen when you leave it. Sign out when you have finished.",
    "Tell your data protection officer at once if you think that somebody saw what they should not have seen.",
)

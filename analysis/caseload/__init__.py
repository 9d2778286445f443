"""The caseload: what must happen and who does it, who waits, who has room, and one case from start to close."""

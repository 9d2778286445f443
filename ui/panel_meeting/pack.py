"""The pack for a circulation list."""

from ui.panel_meeting.meeting import Meeting


def pack(meeting: Meeting) -> None:
    """Offer the pack."""

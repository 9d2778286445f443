"""First response: calls to the phone line and consultations, what came of them, and where children were afterwards."""

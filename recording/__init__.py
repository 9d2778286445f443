"""What people write down on a page: each in one transaction with its audit event, and withdrawn rather than edited."""

"""The parts of the pages about the caseload and about one case."""

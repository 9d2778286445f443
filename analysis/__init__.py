"""Pure sums over documented frames: measures, rates, terms. No screens, no charts, no writes."""

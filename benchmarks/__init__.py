"""What we promise about speed and memory, measured beside a floor or a peer."""

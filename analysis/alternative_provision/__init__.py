"""Alternative provision (AP) and the way back: who is placed, for how long, who returns and whether it lasts."""

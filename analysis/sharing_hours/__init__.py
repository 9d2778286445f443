"""How hours of outreach could be shared out: a plan that people set, hours for each school, and what it all costs.

`plan` is what is set and assumed, `schools` where hours can go, `share_out` deals them, `proposal` compares the ways.
"""

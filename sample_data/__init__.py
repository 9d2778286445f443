"""A fictional local authority, made with a fixed seed. Nothing in it can belong to anyone real.

Outreach has no effect built in: where a school that outreach chose falls afterwards, that is regression to the mean.
"""

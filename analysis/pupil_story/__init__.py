"""One child's story: what happened, in one line of time across schools, and the clocks that the law has running.

Everything here is about single pupils. `queries` reads it, for scopes that may see pupils' rows alone.
"""

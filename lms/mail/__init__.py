"""Mail: the outbox, and the senders that empty it.

A message is a row, written in the transaction of the act that it tells about. A worker hands the rows over, each at most
once: a row is `sending` only while its bytes may be on the way, and what stayed in that state is listed for a human.
"""

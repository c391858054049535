"""Writes of trust: new keys."""

from lms import audit
from lms.trust import identity, keys

PURPOSES = (*keys.PURPOSES, identity.PREFIX)


def rotate(*, purpose: str, distrust: bool = False, name: str = "") -> str:
    """Sign with a new key from now on; its short name. With `distrust` the old keys of a payload verify nothing any more."""
    if purpose == identity.PREFIX:
        kid = identity.rotate(name).fingerprint[:16]
    else:
        kid = keys.rotate(purpose, distrust=distrust).kid
    audit.record("trust.rotate", f"key:{kid}", purpose=purpose, distrusted=distrust)
    return kid

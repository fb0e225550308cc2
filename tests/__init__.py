"""What all tests share, whichever folder of them is run: a busy machine makes no example of hypothesis fail."""

from hypothesis import settings

settings.register_profile("concord", settings(), deadline=None)
settings.load_profile("concord")

"""The claim of an encounter: what its checks say and propose, and what coders answered."""

"""Forms of coders and supervisors."""

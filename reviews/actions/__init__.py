"""The verbs of reviewing. Each one: permission, lock, change, audit event, in one transaction."""

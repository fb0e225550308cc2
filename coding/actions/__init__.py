"""The verbs of coding. Each one: permission, lock, change, audit event, in one transaction."""

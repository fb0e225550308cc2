"""Pages about encounters, uploads, rule sets and the audit trail."""

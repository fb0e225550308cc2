"""The registers of patients, providers and payers: recognising what files send, and what they say on a day."""

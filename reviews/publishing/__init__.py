"""What stands between a draft and its being in force.

``gate`` says what keeps a version from going on; ``dry_runs`` which run shows what its content does; ``touched`` which
stored services a day in the past would concern.
"""

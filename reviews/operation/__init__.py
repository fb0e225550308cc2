"""What somebody who keeps Concord running watches: figures, and which records are due to be deleted."""

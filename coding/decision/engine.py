"""The edition of the decision core, kept with each suggestion: by it one knows what decided, long afterwards."""

# What changed in what is decided, by which rule or why. How a trace is written is no new edition.
EDITIONS = {
    1: "As rule tables were decided from the first version of Concord on.",
}
ENGINE = max(EDITIONS)

"""The seed's story, played in a browser from the newborn in a harness to the flips of a rule change."""

HIP = ["Closed", "Yes", "Dislocated", "First treatment", "Developmental", "Left"]
HARNESS = [*HIP, "Positioned only", "None", "Pavlik harness"]
UNDER_ANESTHESIA = [*HIP, "Manipulated", "General"]
AWAKE = [*HIP, "Manipulated", "None"]

"""Forms: the one place where what people and files bring is checked."""

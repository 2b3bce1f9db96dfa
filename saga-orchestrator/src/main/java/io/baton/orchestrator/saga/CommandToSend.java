package io.baton.orchestrator.saga;


/** A command that must be sent when the decision is saved. Its body follows from the definition and the saga's data. */
public record CommandToSend(String step, Direction direction, int attempt) {}

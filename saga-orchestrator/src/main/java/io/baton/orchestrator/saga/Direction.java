package io.baton.orchestrator.saga;

/** Whether a command does its step or undoes it. The names stand in messages. */
public enum Direction {
    ACTION,
    COMPENSATION
}

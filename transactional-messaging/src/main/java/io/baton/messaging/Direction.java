package io.baton.messaging;

/** Whether a command does its step or undoes it. */
public enum Direction {
    ACTION,
    COMPENSATION
}

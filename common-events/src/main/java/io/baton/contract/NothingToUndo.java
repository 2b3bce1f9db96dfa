package io.baton.contract;

/**
 * The answer to a compensation whose action never took effect here. The participant remembers it, so that the action
 * is refused should it still come.
 */
public record NothingToUndo() {}

package io.baton.messaging;

import java.time.Instant;

/**
 * What a handler may know of a command beside its body.
 *
 * @param attempt counts the sends of this command from 1
 * @param now the database's time at the start of the transaction
 */
public record CommandContext(CommandKey key, int attempt, Instant now) {}

package io.baton.messaging.test;

/**
 * One database as two roles see it.
 *
 * @param owner migrates it
 * @param service reads and writes rows
 */
public record OwnedDatabase(Database owner, Database service) {}

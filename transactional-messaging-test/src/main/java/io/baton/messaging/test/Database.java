package io.baton.messaging.test;

/**
 * A PostgreSQL database of its own with a role of its own, which owns the database and nothing else.
 *
 * @param jdbcUrl without user and password
 */
public record Database(String jdbcUrl, String user, String password) {}

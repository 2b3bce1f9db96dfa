package io.baton.messaging.test;

import java.sql.Connection;
import java.sql.SQLException;

/** A running PostgreSQL server and a running Kafka broker, wherever they come from. Neither makes topics by use. */
interface Servers {

    /** What a person wants to know of them, in a few words. */
    String description();

    /** The JDBC URL of a database on the server, which need not exist. */
    String jdbcUrl(String database);

    /** A connection that may create databases and roles. The caller closes it. */
    Connection connectAsAdministrator() throws SQLException;

    String bootstrapServers();
}

package io.baton.orchestrator.execution;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A few connections for what people ask, beside those of the sagas: they can change nothing, and no question takes longer
 * than some seconds. Plans are made as for the sagas, by key, but may join by hash, since people ask about many at once.
 */
public final class ReadConnections implements AutoCloseable {

    private static final int MOST = 2;

    private final HikariDataSource source = new HikariDataSource();
    private final JdbcTemplate jdbc = new JdbcTemplate(source);

    ReadConnections(JdbcConnectionDetails database) {
        source.setPoolName("operators");
        source.setJdbcUrl(database.getJdbcUrl());
        source.setUsername(database.getUsername());
        source.setPassword(database.getPassword());
        source.setMaximumPoolSize(MOST);
        source.setMinimumIdle(0);
        source.setInitializationFailTimeout(-1);
        source.setConnectionTimeout(5_000);
        source.setReadOnly(true);
        // A server that vanished without a word is noticed; no statement takes as long.
        source.addDataSourceProperty("tcpKeepAlive", true);
        source.addDataSourceProperty("connectTimeout", 5);
        source.addDataSourceProperty("socketTimeout", 30);
        source.setConnectionInitSql("SET statement_timeout = '5s'; SET enable_seqscan = off; SET jit = off; "
                + "SET random_page_cost = 1.1");
    }

    public JdbcOperations jdbc() {
        return jdbc;
    }

    @Override
    public void close() {
        source.close();
    }
}

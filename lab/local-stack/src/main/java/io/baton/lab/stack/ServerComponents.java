package io.baton.lab.stack;

import io.baton.embedded.KafkaBroker;
import io.baton.embedded.PostgresServer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** PostgreSQL and the broker as components of the stack. */
final class ServerComponents {

    private ServerComponents() {}

    /** PostgreSQL. Its stop is the fast one, which does not wait for the services' sessions. */
    static final class Postgres implements Component {

        private final PostgresServer.Builder builder;
        private final Path log;
        private volatile @Nullable PostgresServer server;

        Postgres(PostgresServer.Builder builder, Path log) {
            this.builder = builder;
            this.log = log;
        }

        /** @throws IllegalStateException before the first start */
        PostgresServer server() {
            PostgresServer present = server;
            if (present == null) {
                throw new IllegalStateException("PostgreSQL has not been started");
            }
            return present;
        }

        /** The database of its administrator; null before the first start. */
        StackDescription.@Nullable Database administration() {
            PostgresServer present = server;
            if (present == null) {
                return null;
            }
            PostgresServer.Database database = present.administration();
            return new StackDescription.Database(database.jdbcUrl(), database.user(), database.password());
        }

        @Override
        public String name() {
            return Layout.POSTGRES;
        }

        @Override
        public void start() {
            PostgresServer present = server;
            if (present == null) {
                server = builder.start();
            } else {
                present.start();
            }
        }

        @Override
        public void stop() {
            PostgresServer present = server;
            if (present != null) {
                present.stop(PostgresServer.Mode.FAST);
            }
        }

        @Override
        public void kill() {
            PostgresServer present = server;
            if (present != null) {
                present.kill();
            }
        }

        @Override
        public @Nullable ProcessHandle process() {
            PostgresServer present = server;
            return present == null ? null : present.process();
        }

        @Override
        public Path log() {
            return log;
        }
    }

    /** The broker. */
    static final class Kafka implements Component {

        private final KafkaBroker.Builder builder;
        private final Path log;
        private volatile @Nullable KafkaBroker broker;

        Kafka(KafkaBroker.Builder builder, Path log) {
            this.builder = builder;
            this.log = log;
        }

        @Override
        public String name() {
            return Layout.KAFKA;
        }

        @Override
        public void start() {
            KafkaBroker present = broker;
            if (present == null) {
                broker = builder.start();
            } else {
                present.start();
            }
        }

        @Override
        public void stop() {
            KafkaBroker present = broker;
            if (present != null) {
                present.stop();
            }
        }

        @Override
        public void kill() {
            KafkaBroker present = broker;
            if (present != null) {
                present.kill();
            }
        }

        @Override
        public @Nullable ProcessHandle process() {
            KafkaBroker present = broker;
            return present == null ? null : present.process();
        }

        @Override
        public Path log() {
            return log;
        }
    }
}

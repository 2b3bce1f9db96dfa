package io.baton.lab.simulator;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The command line.
 *
 * @param state the file that keeps the ledger; none: it ends with the process
 */
record Options(String host, int port, @Nullable Path state) {

    static final String USAGE = "Usage: provider-simulator --port 8090 [--host 127.0.0.1] [--state FILE]";

    /** @throws IllegalArgumentException if it is not as {@link #USAGE} says; the message names the argument */
    static Options parse(String[] args) {
        String host = "127.0.0.1";
        int port = 8090;
        Path state = null;
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException("Expected a value after " + args[i]);
            }
            String value = args[i + 1];
            switch (args[i]) {
                case "--host" -> host = value;
                case "--port" -> port = port(value);
                case "--state" -> state = Path.of(value);
                default -> throw new IllegalArgumentException("Expected --port, --host or --state but got " + args[i]);
            }
        }
        return new Options(host, port, state);
    }

    private static int port(String text) {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new IllegalArgumentException("Expected a port from 0 to 65535 after --port but got " + text);
        }
        return Integer.parseInt(text);
    }
}

package io.baton.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** TCP ports of this machine's loopback address. */
public final class LocalPort {

    /**
     * Free ports are looked for below the range that the system gives to outgoing connections. In that range a client
     * that keeps trying to reach a stopped server can be given the server's own port, connect to itself, and keep the
     * server from coming back. What is below is left to programs with ports of their own choice, as the local stack.
     */
    private static final int LOWEST = 25_000;

    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 200;

    private LocalPort() {}

    /**
     * A port nobody listens on now. Somebody else may take it before the caller does.
     *
     * @throws EmbeddedServerException if none was found
     */
    public static int free() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new EmbeddedServerException(
                "No free TCP port found between %d and %d on 127.0.0.1.".formatted(LOWEST, HIGHEST));
    }

    /** Whether a server could listen on this port of the loopback address now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // A connection that was closed a moment ago does not occupy the port: the servers set this too.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    static void requireFree(int port, String server) {
        if (!isFree(port)) {
            throw new EmbeddedServerException(
                    ("Port %d on 127.0.0.1 is taken, so %s cannot listen on it."
                                    + " End the process that holds it or choose another port.")
                            .formatted(port, server));
        }
    }
}

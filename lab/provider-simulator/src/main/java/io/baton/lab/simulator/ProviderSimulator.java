package io.baton.lab.simulator;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A running simulator. Started by {@link #main} as a process of its own, or by {@link #start} within a test.
 *
 * <p>It listens on a loopback address unless told otherwise, and knows no users: never expose it.
 */
public final class ProviderSimulator implements AutoCloseable {

    static {
        // Without this, small answers on a kept connection wait for the client's delayed acknowledgement, 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration HANG = Duration.ofSeconds(30);

    private final HttpServer server;
    private final ExecutorService requests;
    private final Ledger ledger;
    private final Gateway gateway;

    private ProviderSimulator(InetSocketAddress address, Ledger ledger) throws IOException {
        this.ledger = ledger;
        this.gateway = new Gateway(ledger, Clock.systemUTC(), HANG);
        this.server = HttpServer.create(address, 0);
        this.requests = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(requests);
        server.createContext("/", new Endpoints(gateway, ledger));
        server.start();
    }

    /**
     * Starts a simulator on 127.0.0.1 with an empty ledger that ends with it.
     *
     * @param port 0 for any free one
     * @throws UncheckedIOException if the port is taken
     */
    public static ProviderSimulator start(int port) {
        try {
            return new ProviderSimulator(new InetSocketAddress(LOOPBACK, port), Ledger.inMemory());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The same with a ledger that {@code state} keeps beyond the simulator's end.
     *
     * @throws UncheckedIOException if the port is taken, or the file cannot be read or written
     */
    public static ProviderSimulator start(String host, int port, Path state) {
        try {
            Ledger ledger = Ledger.open(state);
            try {
                return new ProviderSimulator(new InetSocketAddress(host, port), ledger);
            } catch (IOException e) {
                ledger.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it answers, with no slash at the end. */
    public URI url() {
        InetSocketAddress address = server.getAddress();
        return URI.create("http://" + address.getHostString() + ":" + address.getPort());
    }

    /** What was booked, oldest first. */
    public List<LedgerEntry> ledger() {
        return ledger.entries();
    }

    /** Makes the gateway misbehave from the next request on; {@link Faults#NONE} heals it. */
    public void behave(Faults faults) {
        gateway.behave(faults);
    }

    /** Stops at once; requests that hang are cut off. */
    @Override
    public void close() {
        server.stop(0);
        requests.shutdownNow();
        try {
            ledger.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs until the process is ended: {@code --port 8090 [--host 127.0.0.1] [--state FILE]}. */
    public static void main(String[] args) throws InterruptedException, IOException {
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(Options.USAGE);
            System.exit(2);
            return;
        }
        ProviderSimulator simulator;
        try {
            Path state = options.state();
            simulator = state == null
                    ? new ProviderSimulator(new InetSocketAddress(options.host(), options.port()), Ledger.inMemory())
                    : start(options.host(), options.port(), state);
        } catch (IOException | UncheckedIOException e) {
            System.err.println("Cannot start on " + options.host() + ":" + options.port() + ": " + e.getMessage());
            System.exit(1);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(simulator::close));
        System.out.println("provider-simulator answers on " + simulator.url());
        new CountDownLatch(1).await();
    }
}

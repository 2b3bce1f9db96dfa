package io.baton.lab.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Many requests at once to one server, on the one thread that calls {@link #turn}: keep-alive connections, one request
 * on each at a time, as many as are needed. Everything but {@link #wakeup} belongs to that thread.
 */
final class HttpLoop implements AutoCloseable {

    /** Hears what became of one request; called once. */
    interface Exchange {

        void answered(HttpAnswer answer, long nanoTime);

        /** @param sent whether the server may have seen (some of) the request */
        void failed(boolean sent, long nanoTime);
    }

    private static final long TIMEOUT_CHECK_NANOS = Duration.ofMillis(100).toNanos();

    private final InetSocketAddress server;
    private final long timeoutNanos;
    private final Selector selector;
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(64 * 1024);
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();
    private final Set<Connection> busy = new HashSet<>();
    private long nextTimeoutCheck = System.nanoTime();

    HttpLoop(URI server, Duration timeout) throws IOException {
        int port = server.getPort() < 0 ? 80 : server.getPort();
        this.server = new InetSocketAddress(server.getHost(), port);
        this.timeoutNanos = timeout.toNanos();
        this.selector = Selector.open();
    }

    /**
     * Sends {@code request}, a whole request of HTTP/1.1. The exchange may be told of a failure before this returns.
     */
    void send(byte[] request, Exchange exchange) {
        Connection connection = idle.pollLast();
        if (connection == null) {
            connection = new Connection();
        }
        busy.add(connection);
        connection.start(request, exchange);
    }

    /** Handles what has arrived, after waiting for it for at most {@code maxWaitNanos}. */
    void turn(long maxWaitNanos) throws IOException {
        if (maxWaitNanos >= 1_000_000) {
            selector.select(this::ready, maxWaitNanos / 1_000_000);
        } else {
            if (maxWaitNanos > 50_000) {
                // The selector counts in milliseconds, which is too coarse to keep a rate.
                LockSupport.parkNanos(maxWaitNanos);
            }
            selector.selectNow(this::ready);
        }
        long now = System.nanoTime();
        if (now - nextTimeoutCheck >= 0) {
            nextTimeoutCheck = now + TIMEOUT_CHECK_NANOS;
            List<Connection> late = new ArrayList<>();
            for (Connection connection : busy) {
                if (now - connection.startedAt > timeoutNanos) {
                    late.add(connection);
                }
            }
            late.forEach(Connection::fail);
        }
    }

    /** Makes a {@link #turn} that waits return. From any thread. */
    void wakeup() {
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    private void ready(SelectionKey key) {
        ((Connection) key.attachment()).ready(key);
    }

    private final class Connection {

        private @Nullable SocketChannel channel;
        private @Nullable SelectionKey key;
        private @Nullable Exchange exchange;
        private ByteBuffer outgoing = ByteBuffer.allocate(0);
        private byte[] received = new byte[2048];
        private int length;
        private long startedAt;
        private boolean wrote;

        void start(byte[] request, Exchange newExchange) {
            exchange = newExchange;
            outgoing = ByteBuffer.wrap(request);
            length = 0;
            wrote = false;
            startedAt = System.nanoTime();
            try {
                SocketChannel open = channel;
                if (open == null) {
                    connect();
                } else {
                    write(open);
                }
            } catch (IOException e) {
                fail();
            }
        }

        void ready(SelectionKey ready) {
            try {
                SocketChannel open = channel;
                if (open == null || !ready.isValid()) {
                    return;
                }
                if (ready.isConnectable() && open.finishConnect()) {
                    write(open);
                } else if (ready.isWritable()) {
                    write(open);
                }
                if (ready.isValid() && ready.isReadable()) {
                    read(open);
                }
            } catch (IOException e) {
                fail();
            }
        }

        private void connect() throws IOException {
            SocketChannel open = SocketChannel.open();
            channel = open;
            open.configureBlocking(false);
            open.setOption(StandardSocketOptions.TCP_NODELAY, true);
            boolean connected = open.connect(server);
            key = open.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
            if (connected) {
                write(open);
            }
        }

        private void write(SocketChannel open) throws IOException {
            wrote = true;
            open.write(outgoing);
            int interest = SelectionKey.OP_READ | (outgoing.hasRemaining() ? SelectionKey.OP_WRITE : 0);
            SelectionKey registered = key;
            if (registered != null && registered.interestOps() != interest) {
                registered.interestOps(interest);
            }
        }

        private void read(SocketChannel open) throws IOException {
            incoming.clear();
            int count = open.read(incoming);
            Exchange waiting = exchange;
            if (count < 0 || waiting == null) {
                // The end, or something nobody asked for: this connection is of no more use.
                fail();
                return;
            }
            incoming.flip();
            if (length + count > received.length) {
                received = Arrays.copyOf(received, Math.max(received.length * 2, length + count));
            }
            incoming.get(received, length, count);
            length += count;
            HttpAnswer answer;
            try {
                answer = HttpAnswer.parse(received, length);
            } catch (IllegalArgumentException e) {
                fail();
                return;
            }
            if (answer != null) {
                busy.remove(this);
                exchange = null;
                if (answer.closes()) {
                    disconnect();
                } else {
                    idle.addLast(this);
                }
                waiting.answered(answer, System.nanoTime());
            }
        }

        private void fail() {
            disconnect();
            idle.remove(this);
            busy.remove(this);
            Exchange waiting = exchange;
            exchange = null;
            if (waiting != null) {
                waiting.failed(wrote, System.nanoTime());
            }
        }

        private void disconnect() {
            SocketChannel open = channel;
            channel = null;
            key = null;
            if (open != null) {
                try {
                    open.close();
                } catch (IOException e) {
                    // It is gone either way.
                }
            }
        }
    }
}

package io.baton.lab.load;

import io.baton.contract.Tsid;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the client saw, one JSON object a line: for a checker that trusts no table of ours. Times are milliseconds
 * since 1970. {@code type} is {@code ok} (answered 2xx), {@code fail} (rejected: must have no effect) or {@code info}
 * (unknown: no or one effect).
 */
final class ClientHistory implements AutoCloseable {

    private final @Nullable OutputStream out;
    private final long epochMillisAtZero = System.currentTimeMillis() - System.nanoTime() / 1_000_000;

    /** @param file overwritten; null to write nothing */
    ClientHistory(@Nullable Path file) throws IOException {
        out = file == null ? null : new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    }

    /** @param end {@code COMPLETED}, {@code CANCELLED}, or null if it is not known to have ended */
    void posted(Order order, String type, @Nullable String end, long endNanos) {
        if (out == null) {
            return;
        }
        StringBuilder line = new StringBuilder(220).append("{\"op\":\"POST\",\"key\":");
        string(line, order.idempotencyKey);
        line.append(",\"orderId\":");
        string(line, order.id < 0 ? null : Tsid.format(order.id));
        line.append(",\"t0\":").append(millis(order.startNanos));
        line.append(",\"t1\":").append(order.answeredNanos == 0 ? "null" : millis(order.answeredNanos));
        line.append(",\"type\":\"").append(type).append("\",\"status\":").append(order.status);
        line.append(",\"attempts\":").append(order.attempts);
        line.append(",\"kind\":\"").append(order.kind).append("\",\"end\":");
        string(line, end);
        line.append(",\"tEnd\":").append(end == null ? "null" : millis(endNanos)).append("}\n");
        write(line);
    }

    /** @param orderStatus the order's status in the answer; null if there is none */
    void read(long orderId, long startNanos, long endNanos, int status, @Nullable String orderStatus, int version) {
        if (out == null) {
            return;
        }
        StringBuilder line = new StringBuilder(160).append("{\"op\":\"GET\",\"key\":null,\"orderId\":\"");
        line.append(Tsid.format(orderId)).append("\",\"t0\":").append(millis(startNanos));
        line.append(",\"t1\":").append(millis(endNanos)).append(",\"type\":\"");
        line.append(status == 200 ? "ok" : status == 404 ? "fail" : "info");
        line.append("\",\"status\":").append(status).append(",\"end\":");
        string(line, orderStatus);
        line.append(",\"version\":").append(version).append("}\n");
        write(line);
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
        }
    }

    private long millis(long nanoTime) {
        return epochMillisAtZero + nanoTime / 1_000_000;
    }

    private static void string(StringBuilder line, @Nullable String value) {
        // Only ids, keys and names of our own making come here; none of them needs escaping.
        if (value == null) {
            line.append("null");
        } else {
            line.append('"').append(value).append('"');
        }
    }

    private void write(StringBuilder line) {
        try {
            if (out != null) {
                out.write(line.toString().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the client's history", e);
        }
    }
}

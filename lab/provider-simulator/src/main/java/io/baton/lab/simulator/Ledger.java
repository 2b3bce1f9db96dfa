package io.baton.lab.simulator;

import io.baton.lab.simulator.LedgerEntry.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway booked: at most one entry per idempotency key, and at most one refund per capture. Safe for use by
 * many threads.
 *
 * <p>With a file, each entry is a line of JSON that is handed to the operating system before anyone hears of the
 * entry, so the ledger survives the end of this process, however sudden (not that of the machine). A torn last line,
 * which nobody was told of, is cut off at the next start.
 */
final class Ledger implements AutoCloseable {

    private final List<LedgerEntry> entries = new ArrayList<>();
    private final Map<String, LedgerEntry> byKey = new HashMap<>();
    private final Map<String, LedgerEntry> refundsByCharge = new HashMap<>();
    private final @Nullable FileChannel file;

    private Ledger(@Nullable FileChannel file) {
        this.file = file;
    }

    /** A ledger that ends with this process. */
    static Ledger inMemory() {
        return new Ledger(null);
    }

    /**
     * The ledger that {@code path} holds; an empty one, if there is no such file yet.
     *
     * @throws IllegalStateException if a line other than a torn last one is not an entry
     */
    static Ledger open(Path path) throws IOException {
        byte[] bytes = Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
        int whole = endOfLastLine(bytes);
        // Read before the file is cut, so that a file which is no ledger stays as it is.
        List<LedgerEntry> present = new String(bytes, 0, whole, StandardCharsets.UTF_8)
                .lines()
                .map(Ledger::parse)
                .toList();
        FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        file.truncate(whole);
        file.position(whole);
        Ledger ledger = new Ledger(file);
        present.forEach(ledger::remember);
        return ledger;
    }

    /** The entry that the request with this key caused, if it caused one. */
    synchronized @Nullable LedgerEntry find(String idempotencyKey) {
        return byKey.get(idempotencyKey);
    }

    /** The capture with this idempotency key or this id. */
    synchronized @Nullable LedgerEntry findCapture(String keyOrId) {
        LedgerEntry byItsKey = byKey.get(keyOrId);
        LedgerEntry found = byItsKey != null
                ? byItsKey
                : entries.stream().filter(e -> e.id().equals(keyOrId)).findFirst().orElse(null);
        return found != null && found.kind() == Kind.CAPTURE ? found : null;
    }

    /** The refund of the capture that has this key, if it was refunded. */
    synchronized @Nullable LedgerEntry findRefund(String chargeKey) {
        return refundsByCharge.get(chargeKey);
    }

    /**
     * Books what {@code booking} makes of the entry's number (from 1), unless an entry with this key is there already,
     * or the entry is a refund and its capture was refunded already.
     *
     * @return the entry that is in the ledger now: the new one, or the one that was there
     * @throws UncheckedIOException if the file cannot be written; nothing is booked
     */
    synchronized LedgerEntry book(String idempotencyKey, IntFunction<LedgerEntry> booking) {
        LedgerEntry present = byKey.get(idempotencyKey);
        if (present != null) {
            return present;
        }
        LedgerEntry entry = booking.apply(entries.size() + 1);
        LedgerEntry refunded = entry.kind() == Kind.REFUND ? refundsByCharge.get(entry.chargeKey()) : null;
        if (refunded != null) {
            return refunded;
        }
        append(entry);
        remember(entry);
        return entry;
    }

    /** All entries, oldest first. */
    synchronized List<LedgerEntry> entries() {
        return List.copyOf(entries);
    }

    @Override
    public synchronized void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    private void append(LedgerEntry entry) {
        if (file == null) {
            return;
        }
        try {
            long before = file.position();
            ByteBuffer line = ByteBuffer.wrap((Json.write(entry) + "\n").getBytes(StandardCharsets.UTF_8));
            try {
                while (line.hasRemaining()) {
                    file.write(line);
                }
            } catch (IOException e) {
                file.truncate(before);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void remember(LedgerEntry entry) {
        entries.add(entry);
        byKey.put(entry.idempotencyKey(), entry);
        if (entry.kind() == Kind.REFUND) {
            refundsByCharge.put(entry.chargeKey(), entry);
        }
    }

    private static int endOfLastLine(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    private static LedgerEntry parse(String line) {
        try {
            return Json.read(line.getBytes(StandardCharsets.UTF_8), LedgerEntry.class);
        } catch (BadRequest e) {
            throw new IllegalStateException("Expected an entry of the ledger but got " + line, e);
        }
    }
}

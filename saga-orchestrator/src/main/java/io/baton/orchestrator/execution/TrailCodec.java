package io.baton.orchestrator.execution;

import io.baton.orchestrator.saga.Progress;
import io.baton.orchestrator.saga.Saga;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the progress of a saga's steps lies in its row: a version byte, then for each step that was begun its name's
 * length and name, a status, and where the status has them the attempt and the time as milliseconds since the saga's
 * start; then, in the same way, the attempts that were forgiven, by how much the deadline was moved if it was (under no
 * name), and the answers that are kept. Numbers are variable-length, so a saga of five steps takes some fifty bytes.
 */
final class TrailCodec {

    private static final byte FORMAT = 1;

    private static final int SENT = 1;
    private static final int FAILED = 2;
    private static final int UNKNOWN = 3;
    private static final int DONE = 4;
    private static final int REFUSED = 5;
    private static final int COMPENSATING = 6;
    private static final int COMPENSATION_FAILED = 7;
    private static final int COMPENSATED = 8;
    private static final int SKIPPED = 9;
    /** Not how far the step is, but how many of its attempts no longer count. */
    private static final int FORGIVEN = 10;
    /** Not how far the step is, but what its action answered. */
    private static final int CAPTURED = 11;
    /** Not of a step: by how many milliseconds the saga's deadline was moved. */
    private static final int EXTENDED = 12;

    /** What a trail holds: four parts of a {@link Saga}. */
    record Trail(
            Map<String, Progress> progress,
            Map<String, Integer> forgiven,
            Duration extension,
            Map<String, String> captured) {}

    private TrailCodec() {}

    static byte[] encode(Saga saga) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        Instant startedAt = saga.startedAt();
        out.write(FORMAT);
        saga.progress().forEach((step, value) -> {
            if (value instanceof Progress.Pending) {
                return;
            }
            name(out, step);
            switch (value) {
                case Progress.Pending() -> {}
                case Progress.Sent(int attempt, Instant at) -> timed(out, SENT, attempt, startedAt, at);
                case Progress.Failed(int attempt, Instant at) -> timed(out, FAILED, attempt, startedAt, at);
                case Progress.Unknown(int attempt) -> {
                    out.write(UNKNOWN);
                    number(out, attempt);
                }
                case Progress.Done() -> out.write(DONE);
                case Progress.Refused() -> out.write(REFUSED);
                case Progress.Skipped() -> out.write(SKIPPED);
                case Progress.Compensating(int attempt, Instant at) -> timed(out, COMPENSATING, attempt, startedAt, at);
                case Progress.CompensationFailed(int attempt, Instant at) ->
                    timed(out, COMPENSATION_FAILED, attempt, startedAt, at);
                case Progress.Compensated() -> out.write(COMPENSATED);
            }
        });
        saga.forgiven().forEach((step, attempts) -> {
            name(out, step);
            out.write(FORGIVEN);
            number(out, attempts);
        });
        if (!saga.extension().isZero()) {
            name(out, "");
            out.write(EXTENDED);
            number(out, saga.extension().toMillis());
        }
        saga.captured().forEach((step, answer) -> {
            byte[] text = answer.getBytes(StandardCharsets.UTF_8);
            name(out, step);
            out.write(CAPTURED);
            number(out, text.length);
            out.writeBytes(text);
        });
        return out.toByteArray();
    }

    /** @throws IllegalArgumentException if the bytes are not what {@link #encode} writes */
    static Trail decode(byte[] trail, Instant startedAt) {
        Reader in = new Reader(trail);
        if (in.next() != FORMAT) {
            throw new IllegalArgumentException("Expected a trail of format " + FORMAT + " but got " + trail[0]);
        }
        Map<String, Progress> progress = new LinkedHashMap<>();
        Map<String, Integer> forgiven = new LinkedHashMap<>();
        Map<String, String> captured = new LinkedHashMap<>();
        Duration extension = Duration.ZERO;
        while (in.hasNext()) {
            String step = in.text(in.next());
            int status = in.next();
            switch (status) {
                case FORGIVEN -> forgiven.put(step, in.count());
                case EXTENDED -> extension = in.duration();
                case CAPTURED -> captured.put(step, in.text(in.count()));
                default -> progress.put(step, progress(status, in, startedAt));
            }
        }
        return new Trail(progress, forgiven, extension, captured);
    }

    private static Progress progress(int status, Reader in, Instant startedAt) {
        return switch (status) {
            case SENT -> new Progress.Sent(in.count(), in.time(startedAt));
            case FAILED -> new Progress.Failed(in.count(), in.time(startedAt));
            case UNKNOWN -> new Progress.Unknown(in.count());
            case DONE -> new Progress.Done();
            case REFUSED -> new Progress.Refused();
            case SKIPPED -> new Progress.Skipped();
            case COMPENSATING -> new Progress.Compensating(in.count(), in.time(startedAt));
            case COMPENSATION_FAILED -> new Progress.CompensationFailed(in.count(), in.time(startedAt));
            case COMPENSATED -> new Progress.Compensated();
            default -> throw new IllegalArgumentException("Expected a status of a step but got " + status);
        };
    }

    private static void name(ByteArrayOutputStream out, String step) {
        byte[] name = step.getBytes(StandardCharsets.UTF_8);
        out.write(name.length);
        out.writeBytes(name);
    }

    private static void timed(ByteArrayOutputStream out, int status, int attempt, Instant startedAt, Instant at) {
        out.write(status);
        number(out, attempt);
        // A database's clock can be set back, so the difference can be negative.
        long millis = at.toEpochMilli() - startedAt.toEpochMilli();
        number(out, millis << 1 ^ millis >> 63);
    }

    private static void number(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static final class Reader {

        private final byte[] bytes;
        private int position;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        boolean hasNext() {
            return position < bytes.length;
        }

        int next() {
            if (!hasNext()) {
                throw new IllegalArgumentException("Expected more than the " + bytes.length + " bytes of a trail");
            }
            return bytes[position++] & 0xFF;
        }

        String text(int length) {
            if (length < 0 || length > bytes.length - position) {
                throw new IllegalArgumentException("Expected a text of that length but the trail ends");
            }
            String text = new String(bytes, position, length, StandardCharsets.UTF_8);
            position += length;
            return text;
        }

        int count() {
            return Math.toIntExact(number());
        }

        Duration duration() {
            return Duration.ofMillis(number());
        }

        Instant time(Instant startedAt) {
            long zigzag = number();
            return startedAt.plusMillis(zigzag >>> 1 ^ -(zigzag & 1));
        }

        private long number() {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                int part = next();
                value |= (long) (part & 0x7F) << shift;
                if (part < 0x80) {
                    return value;
                }
            }
            throw new IllegalArgumentException("Expected a number of at most 64 bits");
        }
    }
}

package io.baton.orchestrator.operator;

import io.baton.contract.SagaId;
import io.baton.http.ProblemException;
import io.baton.http.Violation;
import io.baton.http.Violations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the members of operators' requests, which are all text, and says what is wrong with one. */
public final class Asked {

    private static final int REASON_MIN = 3;
    private static final int REASON_MAX = 500;
    static final Duration LONGEST = Duration.ofDays(3_650);

    private Asked() {}

    /**
     * What {@code text} means.
     *
     * @param expected ends the sentence "Expected …"
     * @throws ProblemException naming the member, if the parser throws
     */
    public static <T> T parse(String member, String text, String expected, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw invalid(member, "INVALID_PARAMETER", "Expected " + expected + " in the parameter " + member + ".");
        }
    }

    /** The same for a member that may be left out. */
    static <T> @Nullable T optional(
            String member, @Nullable String text, String expected, Function<String, T> parser) {
        return text == null ? null : parse(member, text, expected, parser);
    }

    static String required(String member, @Nullable String text) {
        if (text == null || text.isBlank()) {
            throw invalid(member, "REQUIRED", "Expected a value for " + member + ".");
        }
        return text;
    }

    /** Text for people, of at most so many characters, that forges no line. */
    public static String text(String member, @Nullable String text, int max) {
        String stripped = required(member, text).strip();
        Violations violations = new Violations();
        violations.requireText("/" + member, stripped, max);
        violations.throwIfAny();
        return stripped;
    }

    /** Why an operator does it. */
    public static String reason(@Nullable String text) {
        String reason = text("reason", text, REASON_MAX);
        if (reason.length() < REASON_MIN) {
            throw invalid("reason", "TOO_SHORT", "Expected a reason of " + REASON_MIN + " to " + REASON_MAX
                    + " characters.");
        }
        return reason;
    }

    public static SagaId sagaId(String member, String text) {
        return parse(member, text, "a saga id of 13 characters", SagaId::parse);
    }

    public static int wholeNumber(String member, String text, int min, int max) {
        return parse(member, text, "a whole number from " + min + " to " + max, value -> {
            int number = Integer.parseInt(value);
            if (number < min || number > max) {
                throw new IllegalArgumentException("out of range");
            }
            return number;
        });
    }

    static boolean flag(String member, @Nullable String text) {
        return text != null && parse(member, text, "true or false", value -> switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither");
        });
    }

    /** Of more than nothing, and ten years at most. */
    static Duration duration(String member, String text) {
        return parse(member, text, "a duration of ten years at most, as PT10M", value -> {
            Duration duration = Duration.parse(value);
            if (!duration.isPositive() || duration.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("out of range");
            }
            return duration;
        });
    }

    /** Of the years that have four digits, which every clock and database knows. */
    static Instant instant(String member, String text) {
        return parse(member, text, "an instant, as 2026-01-31T12:00:00Z", value -> {
            Instant instant = Instant.parse(value);
            int year = instant.atOffset(ZoneOffset.UTC).getYear();
            if (year < 1970 || year > 9999) {
                throw new IllegalArgumentException("out of range");
            }
            return instant;
        });
    }

    public static @Nullable UUID requestId(@Nullable String text) {
        return optional("requestId", text, "a UUID", value -> {
            if (value.length() != 36) {
                throw new IllegalArgumentException("not in full");
            }
            return UUID.fromString(value);
        });
    }

    static ProblemException invalid(String member, String code, String detail) {
        return ProblemException.invalid(List.of(new Violation("/" + member, code, detail)));
    }
}

package io.baton.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects everything that is wrong with a request, so that the client learns of all of it at once. The {@code require}
 * methods note a violation and return whether the value is fit for use.
 */
public final class Violations {

    /** More than these are not reported: nobody reads on, and the answer stays small. */
    private static final int MAX_REPORTED = 100;

    private static final String IDENTIFIER_SIGNS = "-_.:";

    private final List<Violation> list = new ArrayList<>();

    public void add(String pointer, String code, String detail) {
        if (list.size() < MAX_REPORTED) {
            list.add(new Violation(pointer, code, detail));
        }
    }

    public boolean isEmpty() {
        return list.isEmpty();
    }

    /** @throws ProblemException a 400 with all violations, if there are any */
    public void throwIfAny() {
        if (!list.isEmpty()) {
            throw ProblemException.invalid(list);
        }
    }

    /** The field is there and not {@code null}. */
    public boolean requirePresent(String pointer, @Nullable Object value) {
        if (value == null) {
            add(pointer, "REQUIRED", "Expected a value.");
            return false;
        }
        return true;
    }

    /**
     * Text for people: there, not blank, at most {@code maxLength} UTF-16 units, and nothing in it that could forge a
     * log line or its reading direction, or that UTF-8 cannot write.
     */
    public boolean requireText(String pointer, @Nullable String value, int maxLength) {
        if (!requirePresent(pointer, value)) {
            return false;
        }
        if (value.length() > maxLength) {
            add(pointer, "TOO_LONG", "Expected at most " + maxLength + " characters but got " + value.length() + ".");
            return false;
        }
        if (value.isBlank()) {
            add(pointer, "BLANK", "Expected some text but got only spaces.");
            return false;
        }
        if (!value.codePoints().allMatch(Violations::printable)) {
            add(pointer, "CONTROL_CHARACTER", "Expected printable text but got a control character.");
            return false;
        }
        return true;
    }

    /**
     * A name that travels in keys, paths and logs: 1 to {@code maxLength} ASCII letters, digits, or one of
     * {@code -_.:}.
     */
    public boolean requireIdentifier(String pointer, @Nullable String value, int maxLength) {
        if (!requirePresent(pointer, value)) {
            return false;
        }
        if (value.length() > maxLength) {
            add(pointer, "TOO_LONG", "Expected at most " + maxLength + " characters but got " + value.length() + ".");
            return false;
        }
        if (value.isEmpty() || !value.chars().allMatch(Violations::mayStandInIdentifier)) {
            add(pointer, "WRONG_FORMAT", "Expected letters A-Z a-z, digits, or - _ . : only, at least one.");
            return false;
        }
        return true;
    }

    /** A whole number in {@code min..max}, both included. */
    public boolean requireRange(String pointer, @Nullable Long value, long min, long max) {
        if (!requirePresent(pointer, value)) {
            return false;
        }
        if (value < min || value > max) {
            add(pointer, "OUT_OF_RANGE",
                    "Expected a whole number from " + min + " to " + max + " but got " + value + ".");
            return false;
        }
        return true;
    }

    /** The same for an {@code int}. */
    public boolean requireRange(String pointer, @Nullable Integer value, int min, int max) {
        return requireRange(pointer, value == null ? null : Long.valueOf(value), min, max);
    }

    private static boolean mayStandInIdentifier(int c) {
        return c >= '0' && c <= '9'
                || c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || IDENTIFIER_SIGNS.indexOf(c) >= 0;
    }

    private static boolean printable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.SURROGATE, Character.UNASSIGNED, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            // Of the invisible format characters only joiners belong into names; the others reverse what a reader sees.
            case Character.FORMAT -> codePoint == 0x200C || codePoint == 0x200D || codePoint == 0xAD;
            default -> true;
        };
    }
}

package io.baton.contract;

/**
 * The written form of the time-sorted 63-bit numbers that identify orders and sagas: 13 characters of Crockford's
 * base 32, which sort like the numbers.
 *
 * <p>Layout, from the highest bit: 41 bits of milliseconds since {@link #EPOCH_MILLIS}, 10 bits of node, 12 bits of
 * sequence. The milliseconds last until 2089.
 */
public final class Tsid {

    /** 2020-01-01T00:00:00Z, in milliseconds since 1970. */
    public static final long EPOCH_MILLIS = 1_577_836_800_000L;

    /** Number of low bits that follow the milliseconds. */
    public static final int TIME_SHIFT = 22;

    private static final int LENGTH = 13;
    private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();

    private Tsid() {}

    /** The 13 characters for {@code value}, which must not be negative. */
    public static String format(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("Expected a number that is not negative but got " + value);
        }
        char[] text = new char[LENGTH];
        long rest = value;
        for (int i = LENGTH - 1; i >= 0; i--) {
            text[i] = DIGITS[(int) (rest & 31)];
            rest >>>= 5;
        }
        return new String(text);
    }

    /**
     * The number that {@code text} writes. Only the exact form that {@link #format} gives is taken, so that one number
     * has one spelling.
     *
     * @throws IllegalArgumentException if {@code text} is anything else
     */
    public static long parse(String text) {
        if (text.length() != LENGTH) {
            throw new IllegalArgumentException("Expected 13 characters but got " + text.length());
        }
        if (text.charAt(0) > '7') {
            throw new IllegalArgumentException("Expected a first character of 0 to 7");
        }
        long value = 0;
        for (int i = 0; i < LENGTH; i++) {
            value = value << 5 | digit(text.charAt(i));
        }
        return value;
    }

    /** The smallest number whose time is {@code epochMillis} (milliseconds since 1970). */
    public static long floor(long epochMillis) {
        return Math.max(0, epochMillis - EPOCH_MILLIS) << TIME_SHIFT;
    }

    /** The time of {@code value}, in milliseconds since 1970. */
    public static long millis(long value) {
        return (value >>> TIME_SHIFT) + EPOCH_MILLIS;
    }

    private static int digit(char c) {
        for (int i = 0; i < DIGITS.length; i++) {
            if (DIGITS[i] == c) {
                return i;
            }
        }
        throw new IllegalArgumentException("Expected a digit of Crockford's base 32 in upper case but got another character");
    }
}

package io.baton.order.rest;

/** Knows a card's number when it sees one, so that it is refused before it is stored or sent anywhere. */
final class CardNumbers {

    private static final int SHORTEST = 13;
    private static final int LONGEST = 19;

    private CardNumbers() {}

    /** 13 to 19 digits, perhaps in groups, with the check digit that cards have. */
    static boolean looksLikeOne(String text) {
        String digits = text.replace("-", "").replace(".", "");
        if (digits.length() < SHORTEST
                || digits.length() > LONGEST
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int weighted = i % 2 == 1 ? digit * 2 : digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }
        return sum % 10 == 0;
    }
}

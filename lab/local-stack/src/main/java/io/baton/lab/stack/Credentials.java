package io.baton.lab.stack;

import java.security.SecureRandom;
import java.util.Base64;

/** Passwords that are valid for one run of the stack. */
final class Credentials {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 18;

    private Credentials() {}

    static String generate() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

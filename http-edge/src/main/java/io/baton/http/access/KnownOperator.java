package io.baton.http.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/**
 * One of the people who run this system, and how to tell that it is them.
 *
 * <p>A password that stands in the configuration as it is gets compared by its digest: a slow hash would protect
 * nothing there. For one that stands there as a bcrypt hash, the slow comparison is made once; what fitted then is
 * known again by a digest with a key of this process, so that not every request costs some 80 ms of CPU.
 */
final class KnownOperator {

    private static final Pattern BCRYPT = Pattern.compile("(?:\\{bcrypt})?(\\$2[aby]\\$(\\d\\d)\\$[./0-9A-Za-z]{53})");
    private static final int LEAST_BCRYPT_COST = 10;
    private static final int MOST_BCRYPT_COST = 14;
    private static final byte[] PROCESS_KEY = randomKey();
    private static final BCryptPasswordEncoder ENCODER = new BCryptPasswordEncoder();

    private final String name;
    private final Role role;
    private final @Nullable String hash;
    private volatile byte @Nullable [] fitting;

    private KnownOperator(String name, Role role, @Nullable String hash, byte @Nullable [] fitting) {
        this.name = name;
        this.role = role;
        this.hash = hash;
        this.fitting = fitting;
    }

    /**
     * @param setting where the name stands: {@code baton.operator.user}
     * @param passwordSetting where the password stands
     * @throws UnfitSettingException if one of them cannot be used
     */
    static KnownOperator of(
            @Nullable String name, String setting, @Nullable String password, String passwordSetting, Role role,
            boolean demo) {
        if (name == null || name.isBlank()) {
            throw new UnfitSettingException("The operator's user name is missing.",
                    "Set " + setting + " (environment variable " + variable(setting) + ").");
        }
        if (name.chars().anyMatch(c -> c == ':' || Character.isISOControl(c)) || name.length() > 64) {
            throw new UnfitSettingException(
                    "The operator's user name holds what HTTP Basic or the audit cannot carry.",
                    "Set " + setting + " (environment variable " + variable(setting)
                            + ") to at most 64 characters without a colon.");
        }
        String action = "Set " + passwordSetting + " (environment variable " + variable(passwordSetting)
                + ") to at least " + Secrets.SHORTEST + " characters that nobody can guess, or to their bcrypt hash.";
        if (password != null && (password.startsWith("$2") || password.startsWith("{"))) {
            return new KnownOperator(name, role, bcrypt(password, action), null);
        }
        String trouble = Secrets.trouble(password, demo);
        if (trouble == null && name.equalsIgnoreCase(password)) {
            trouble = "is the name.";
        }
        if (password == null || trouble != null) {
            throw new UnfitSettingException("The operator's password " + trouble, action);
        }
        return new KnownOperator(name, role, null, digest(password));
    }

    private static String bcrypt(String password, String action) {
        var hash = BCRYPT.matcher(password);
        if (!hash.matches()) {
            throw new UnfitSettingException("The operator's password looks like a hash but is no bcrypt hash.", action);
        }
        int cost = Integer.parseInt(hash.group(2));
        if (cost < LEAST_BCRYPT_COST || cost > MOST_BCRYPT_COST) {
            throw new UnfitSettingException(
                    "The operator's bcrypt hash has a cost of " + cost + "; use one from " + LEAST_BCRYPT_COST + " to "
                            + MOST_BCRYPT_COST + ".",
                    action);
        }
        return hash.group(1);
    }

    /** As {@code BATON_OPERATORS_USERS_0_NAME}. */
    private static String variable(String setting) {
        return setting.replace('.', '_').replace('[', '_').replace("]", "").replace("-", "")
                .toUpperCase(Locale.ROOT);
    }

    String name() {
        return name;
    }

    Role role() {
        return role;
    }

    boolean hasPassword(String password) {
        byte[] digest = digest(password);
        byte[] known = fitting;
        if (known != null && MessageDigest.isEqual(known, digest)) {
            return true;
        }
        if (hash == null || password.length() > 72 || !ENCODER.matches(password, hash)) {
            return false;
        }
        fitting = digest;
        return true;
    }

    private static byte[] digest(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(PROCESS_KEY, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java runtime has HmacSHA256", e);
        }
    }

    private static byte[] randomKey() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return key;
    }
}

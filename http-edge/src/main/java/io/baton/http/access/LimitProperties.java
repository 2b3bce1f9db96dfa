package io.baton.http.access;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How much may be asked for: by one caller, and by all together.
 *
 * @param requestsPerSecond of one principal, or of one address without credentials, to one instance; 0 is no limit. 200
 *     if it is not set, and no limit in the profile {@code demo}, whose load comes from one address
 * @param burst how many may come at once after a pause; four seconds' worth if it is not set
 * @param requestsAtOnce that one instance handles at the same time on its main port, whoever sends them; 512 if it
 *     is not set, which fits into a heap of 256 MB
 */
@ConfigurationProperties("baton.limits")
record LimitProperties(
        @Nullable Integer requestsPerSecond, @Nullable Integer burst, @Nullable Integer requestsAtOnce) {

    static final int USUAL_RATE = 200;
    static final int USUALLY_AT_ONCE = 512;

    /** @throws UnfitSettingException if it is negative */
    int rate(boolean demo) {
        if (requestsPerSecond == null) {
            return demo ? 0 : USUAL_RATE;
        }
        if (requestsPerSecond < 0) {
            throw new UnfitSettingException(
                    "The limit of requests is negative.",
                    "Set baton.limits.requests-per-second to 1 or more, or to 0 for no limit.");
        }
        return requestsPerSecond;
    }

    /** @throws UnfitSettingException if it is less than one */
    int burst(int rate) {
        if (burst != null && burst < 1) {
            throw new UnfitSettingException("The burst is less than one.", "Set baton.limits.burst to 1 or more.");
        }
        return burst == null ? 4 * rate : burst;
    }

    /** @throws UnfitSettingException if it is less than one */
    int atOnce() {
        if (requestsAtOnce != null && requestsAtOnce < 1) {
            throw new UnfitSettingException(
                    "No request could ever be handled.", "Set baton.limits.requests-at-once to 1 or more.");
        }
        return requestsAtOnce == null ? USUALLY_AT_ONCE : requestsAtOnce;
    }
}

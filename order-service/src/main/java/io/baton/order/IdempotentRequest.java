package io.baton.order;

import java.util.Arrays;

/**
 * A request that must take effect once.
 *
 * @param key chosen by the client, one for each wish
 * @param bodyHash by which the same wish is told from another one under the same key
 */
public record IdempotentRequest(String key, byte[] bodyHash) {

    boolean isSameBody(byte[] otherHash) {
        return Arrays.equals(bodyHash, otherHash);
    }
}
